"""Who has an account and may do what, as a page and as a file."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from projects.models import Team, User
from projects.people.services import invite_person
from scoring.panel.selectors import rights_of
from tests.company import Company
from tests.pages import signed_in, text


def states(company: Company, name: str) -> str:
    page = text(signed_in(company.admin).get("/people/", {"q": name}))
    return page.partition('data-label="Account">')[2].partition("</td>")[0]


def test_the_page_says_how_each_account_stands(company: Company) -> None:
    person = invite_person(
        actor=company.admin, email="neo@house.example", first_name="Neo", last_name="New"
    )
    assert "invited <span" in states(company, "Neo")
    assert "Invite again" in states(company, "Neo")
    User.objects.filter(pk=person.pk).update(invited_at=timezone.now() - timedelta(days=8))
    assert "invitation expired" in states(company, "Neo New")
    User.objects.filter(pk=person.pk).update(invited_at=None)
    assert "not invited" in states(company, "neo@house")
    User.objects.filter(pk=person.pk).update(email="")
    assert "no e-mail address" in states(company, "Neo")
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert states(company, "Neo").strip() == "switched off"
    assert "Nobody here has a name or team like that." in text(
        signed_in(company.admin).get("/people/", {"q": "zebra"})
    )


def test_the_page_and_the_file_say_who_may_do_what(company: Company) -> None:
    User.objects.filter(pk=company.leader.pk).update(first_name="=1+1")
    admin = signed_in(company.admin)
    page = text(admin.get("/people/", {"q": "curator"}))
    assert '<span class="tag">chairs the panel</span>' in page
    file = admin.get("/people/people.csv").content.decode()
    rows = {row["username"]: row for row in csv.DictReader(file.splitlines())}
    assert len(rows) == User.objects.count()
    assert (rows["curator"]["panel"], rows["panelist"]["panel"]) == ("chair", "member")
    assert (rows["leader"]["leader"], rows["leader"]["first_name"]) == ("yes", "'=1+1")
    assert (rows["marketing"]["function"], rows["marketing"]["administrator"]) == (
        "marketing",
        "no",
    )
    assert rows["admin"]["administrator"] == "yes"


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_as_often_for_many_people(
    company: Company, many: int, django_assert_num_queries: Any
) -> None:
    team = Team.objects.first()
    for number in range(many):
        User.objects.create(username=f"extra{number}", team=team)
    admin = signed_in(company.admin)
    admin.get("/people/")
    with django_assert_num_queries(5):
        admin.get("/people/")


def test_rights_follow_from_team_seat_and_marks(company: Company) -> None:
    assert rights_of(company.marketing) == ["proposes"]
    assert rights_of(company.curator) == ["chairs the panel"]
    assert rights_of(company.panelist)[-1] == "judges"
    assert rights_of(company.leader) == ["decides"]
    assert rights_of(company.admin) == ["administrates"]
    company.leader.is_active = False
    assert rights_of(company.leader) == []
    company.panelist.seat.is_active = False
    assert "judges" not in rights_of(company.panelist)
