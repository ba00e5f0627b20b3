"""Owners who are new here become people; what came in signed stays."""

from typing import Any

import pytest
from django.test import Client

from projects.audit.models import AuditEntry
from projects.models import Batch, Proposal, User
from tests.company import Company
from tests.pages import signed_in, text
from tests.projects.imports.uploading import as_shown, upload


@pytest.fixture
def admin(company: Company) -> Client:
    return signed_in(company.admin)


def test_owners_who_are_new_become_people_of_the_chosen_teams(
    admin: Client, company: Company
) -> None:
    rows = (
        "title;marketing_owner;cx_owner\n"
        "One;Mara  Weber;cx\n"
        "Two;Mara  Weber;lee@firm.example\n"
        "Three;marketing;marketing\n"
    )
    page = upload(admin, company, rows)
    batch, before = Batch.objects.get(), User.objects.count()
    teams: dict[str, Any] = {
        "marketing_team": company.marketing.team_id,
        "cx_team": company.cx.team_id,
        "left_out": [],
    }
    sent = as_shown(batch) | teams
    admin.post(page, sent | {"import": "1"})
    assert "There is no person" not in text(admin.get(page))
    assert "Choose an active person from a CX team." in text(admin.get(page))
    assert User.objects.count() == before

    admin.post(page, sent | {"cell-4-2": "cx", "import": "1"})
    mara = User.objects.get(username="mara.weber")
    assert (mara.get_full_name(), mara.team) == ("Mara Weber", company.marketing.team)
    assert not mara.has_usable_password()
    lee = User.objects.get(username="lee@firm.example")
    assert (lee.email, lee.team) == ("lee@firm.example", company.cx.team)
    owners = Proposal.objects.order_by("pk").values_list("marketing_owner", "cx_owner")
    assert list(owners)[:2] == [(mara.pk, company.cx.pk), (mara.pk, lee.pk)]
    made = AuditEntry.objects.filter(action="person.create").values_list("subject", flat=True)
    assert sorted(made) == sorted([f"person:{mara.pk}", f"person:{lee.pk}"])


def test_what_came_in_signed_offers_no_way_back(admin: Client, company: Company) -> None:
    row = "title;problem;customer_job;marketing_part;cx_part;marketing_owner;cx_owner\n"
    page = upload(admin, company, f"{row}One;Slow.;Quick;Letters;App;marketing;cx\n")
    sent = as_shown(Batch.objects.get()) | {"attestation": "Minutes of 3 May", "import": "1"}
    done = text(admin.post(page, sent, follow=True))
    assert "signed and submitted: “Minutes of 3 May”" in done
    assert "Take them back" not in done


def test_new_owners_whose_user_names_would_clash_are_asked_back(
    admin: Client, company: Company
) -> None:
    rows = "title;marketing_owner;cx_owner\nOne;M Weber;cx\nTwo;M. Weber;cx\nThree;Marketing;cx\n"
    page = upload(admin, company, rows)
    batch = Batch.objects.get()
    sent = as_shown(batch) | {"marketing_team": company.marketing.team_id}
    shown = text(admin.post(page, sent | {"import": "1"}, follow=True))
    assert "1 of 3 rows are ready" in shown
    assert "There is no person “M. Weber”, but a user name “m.weber”." in shown
    assert "There is no person “Marketing”, but a user name “marketing”." in shown
    sent |= {"cell-3-1": "M Weber", "cell-4-1": "marketing"}
    admin.post(page, sent | {"import": "1"})
    owners = Proposal.objects.order_by("pk").values_list("marketing_owner__username", flat=True)
    assert list(owners) == ["m.weber", "m.weber", "marketing"]
