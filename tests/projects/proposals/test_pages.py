"""Intake pages: nothing that was typed is lost, and every refusal says what to do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Cycle, Notification, Proposal
from tests.company import Company, digest
from tests.pages import markup, signed_in, summary, text
from tests.projects.proposals.filled import start_form

LOST_RACE = "This proposal was changed by someone else since you opened it."


@pytest.fixture
def client(company: Company) -> Client:
    return signed_in(company.marketing)


# ---------------------------------------------------------------- starting


def test_a_proposal_starts_and_goes_on_to_the_problem(company: Company, client: Client) -> None:
    form = start_form(company)
    answer = client.post("/proposals/new/", form)
    proposal = Proposal.objects.get()
    assert answer.headers["Location"] == f"/proposals/{proposal.pk}/edit/problem/"
    again = client.post("/proposals/new/", form)
    assert again.headers["Location"] == answer.headers["Location"]
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": ""}, "Title: This field is required."),
        ({"cx_owner": ""}, "CX owner: This field is required."),
        ({"cx_owner": "7x"}, "CX owner: Select a valid choice."),
        ({"creation_key": "once"}, "This form was sent before. Reload the page and try again."),
    ],
)
def test_a_wrong_start_keeps_what_was_typed(
    company: Company, client: Client, changed: dict[str, str], expected: str
) -> None:
    form = start_form(company, title="Typed with care") | changed
    answer = client.post("/proposals/new/", form)
    assert answer.status_code == 422
    assert summary(answer)[0].startswith(expected)
    assert f'value="{form["creation_key"]}"' in text(answer)
    assert f'value="{form["title"]}"' in text(answer) or not form["title"]
    assert not Proposal.objects.exists()


def test_one_cannot_choose_another_person_for_the_own_side(
    company: Company, client: Client
) -> None:
    form = start_form(company, marketing_owner=company.other_marketing.pk)
    answer = client.post("/proposals/new/", form)
    assert summary(answer)[0].startswith("Marketing owner: Select a valid choice.")


def test_a_key_of_somebody_else_makes_nothing(company: Company, client: Client) -> None:
    form = start_form(company)
    client.post("/proposals/new/", form)
    answer = signed_in(company.cx).post("/proposals/new/", form)
    assert (answer.status_code, summary(answer)) == (
        422,
        ["This form was sent before. Reload the page and try again."],
    )
    assert Proposal.objects.count() == 1


def test_other_functions_do_not_start_proposals(company: Company) -> None:
    assert signed_in(company.leader).get("/proposals/new/").status_code == 403


def test_the_start_page_says_when_intake_is_closed(company: Company, client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Cycle.objects.update(intake_closes=yesterday)
    page = client.get("/proposals/new/")
    assert "Intake is closed: no current cycle takes proposals today." in text(page)
    assert 'name="title"' not in text(page)
    client.post("/proposals/new/", start_form(company))
    assert not Proposal.objects.exists()


# ---------------------------------------------------------------- two keys


def test_signing_submitting_and_taking_back(company: Company, client: Client) -> None:
    proposal = company.draft()
    path, cx = f"/proposals/{proposal.pk}", signed_in(company.cx)
    sign = {"digest": digest(proposal)}
    assert "You signed this text." in text(client.post(f"{path}/sign/", sign, follow=True))
    alone = client.post(f"{path}/submit/", {"version": 1}, follow=True)
    assert "The CX owner has not signed this text yet." in text(alone)
    assert "Submit to the panel" not in text(alone)
    stale = cx.post(f"{path}/sign/", {"digest": "0" * 64}, follow=True)
    assert "The text of this proposal was changed by someone else" in text(stale)
    assert "Submit to the panel" in text(cx.post(f"{path}/sign/", sign, follow=True))
    done = cx.post(f"{path}/submit/", {"version": 1}, follow=True)
    assert "The proposal is with the panel now." in text(done)
    late = client.post(f"{path}/recall/", {"version": 1}, follow=True)
    assert LOST_RACE in text(late)
    back = client.post(f"{path}/recall/", {"version": 2}, follow=True)
    assert "The proposal is a draft again. Both signatures are void." in text(back)
    assert "Has not signed this text" in text(back)


def test_what_is_missing_stands_on_the_page(company: Company, client: Client) -> None:
    proposal = company.draft(problem="")
    page = text(client.get(f"/proposals/{proposal.pk}/"))
    assert "Before anyone can sign: say what goes wrong for customers today." in page
    assert "Sign this text" not in page
    answer = client.post(
        f"/proposals/{proposal.pk}/sign/", {"digest": digest(proposal)}, follow=True
    )
    assert "Say what goes wrong for customers today." in text(answer)


def test_text_is_never_markup(company: Company, client: Client) -> None:
    script = "<script>alert(1)</script>"
    proposal = company.draft(script, problem=script)
    for path in ("", f"{proposal.pk}/", f"{proposal.pk}/edit/problem/"):
        page = markup(client.get(f"/proposals/{path}"))
        assert script not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Gamma", "Beta", "Alpha"]),
        ("?q=ALP", ["Alpha"]),
        ("?status=draft", ["Beta"]),
        ("?mine=true", ["Beta", "Alpha"]),
        ("?status=lost", ["Gamma", "Beta", "Alpha"]),
        ("?page=99", ["Gamma", "Beta", "Alpha"]),
        ("?page=x", ["Gamma", "Beta", "Alpha"]),
    ],
)
def test_the_list_filters(
    company: Company, client: Client, query: str, expected: list[str]
) -> None:
    company.submitted("Alpha")
    company.draft("Beta")
    company.submitted("Gamma", marketing=company.other_marketing)
    page = text(client.get(f"/proposals/{query}"))
    assert re.findall(r'class="title-link"[^>]*>([^<]+)</a>', page) == expected


def test_an_empty_result_offers_the_whole_list(company: Company, client: Client) -> None:
    assert "A proposal is one idea that Marketing and CX own together." in text(
        client.get("/proposals/")
    )
    company.draft()
    assert "No proposal matches these filters." in text(client.get("/proposals/?q=nothing"))


def test_notifications_are_read_at_once(company: Company) -> None:
    company.draft()
    cx = signed_in(company.cx)
    page = text(cx.get("/notifications/"))
    assert "marketing started “Stop the double offer” with you." in page
    assert 'class="unread"' in page
    answer = cx.post("/notifications/read/", follow=True)
    assert answer.redirect_chain == [("/notifications/", 302)]
    assert 'class="unread"' not in text(answer)
    assert Notification.objects.filter(read_at=None).count() == 0
    assert "Nothing yet." in text(signed_in(company.leader).get("/notifications/"))
