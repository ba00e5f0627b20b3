"""Views of the backlog that a person keeps under a name."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError

from scoring.backlog.services.saved_views import MOST, save_view
from scoring.models import SavedView
from tests.company import Company
from tests.pages import signed_in, text

pytestmark = pytest.mark.django_db


def test_a_view_is_kept_shown_shared_and_removed(company: Company) -> None:
    company.scored("Alpha")
    company.scored("Beta")
    company.rank()
    leader = signed_in(company.leader)
    page = leader.post(
        "/backlog/views/",
        {"name": "Only Alpha", "query": "q=alpha&page=2&csrf=x&sort="},
        follow=True,
    )
    assert page.redirect_chain == [("/backlog/?q=alpha", 302)]
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query) == (company.leader, "Only Alpha", "q=alpha")
    assert '<a class="chip" href="?q=alpha" aria-current="true">Only Alpha</a>' in text(page)
    # The address works for anybody; the name is one's own.
    shared = text(signed_in(company.marketing).get(f"/backlog/?{view.query}"))
    assert ">Alpha</a>" in shared
    assert ">Beta</a>" not in shared
    assert "Only Alpha" not in shared
    leader.post(f"/backlog/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_values_come_through_the_address_as_they_were(company: Company) -> None:
    company.scored("Alpha")
    company.rank()
    query = "q=50+%25+%26+more&team=Brand"
    answer = signed_in(company.leader).post("/backlog/views/", {"name": "V", "query": query})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"q": ["50 % & more"], "team": ["Brand"]}


def test_foreign_views_are_not_there(company: Company) -> None:
    view = save_view(actor=company.leader, name="Mine", query="q=a")
    assert signed_in(company.admin).post(f"/backlog/views/{view.pk}/remove/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [("", "q=a", "name"), ("x" * 61, "q=a", "name"), ("V", "", "query"), ("Taken", "q=b", "name")],
)
def test_wrong_views_are_refused(company: Company, name: str, query: str, field: str) -> None:
    save_view(actor=company.leader, name="Taken", query="q=a")
    with pytest.raises(ValidationError) as refused:
        save_view(actor=company.leader, name=name, query=query)
    assert list(refused.value.message_dict) == [field]
    assert SavedView.objects.count() == 1


def test_twenty_views_are_the_most(company: Company) -> None:
    for number in range(MOST):
        save_view(actor=company.leader, name=f"View {number}", query="q=a")
    with pytest.raises(ValidationError, match="20 views are the most"):
        save_view(actor=company.leader, name="One more", query="q=a")
