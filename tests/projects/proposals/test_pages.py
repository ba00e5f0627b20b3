"""Intake pages: nothing that was typed is lost, and every refusal says what to do."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Cycle, Notification, Proposal, User
from tests.company import TEXTS, Company, digest
from tests.pages import come_in, markup, signed_in, text

LOST_RACE = "This proposal was changed by someone else since you opened it."


def summary(response: Any) -> list[str]:
    """The lines of the error summary."""
    found = re.search(r'class="error-summary".*?</div>', text(response), re.DOTALL)
    assert found is not None
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>.*?</li>", found[0])]


@pytest.fixture
def client(company: Company) -> Client:
    return signed_in(company.marketing)


# ---------------------------------------------------------------- signing in and out


def test_signing_in_leads_to_where_one_wanted_to_go(company: Company) -> None:
    visitor = Client()
    asked = visitor.get("/proposals/")
    assert asked.headers["Location"] == "/sign-in/?next=/proposals/"
    wrong = visitor.post("/sign-in/", {"username": "marketing", "password": "guess"})
    assert wrong.status_code == 200
    assert "Name and password do not go together." in text(wrong)
    assert 'value="marketing"' in text(wrong)
    right = {"username": "marketing", "password": "demo", "next": "/proposals/"}
    assert visitor.post("/sign-in/", right).headers["Location"] == "/proposals/"
    assert visitor.get("/sign-in/").headers["Location"] == "/"


def test_signing_in_never_leads_elsewhere(company: Company) -> None:
    right = {"username": "marketing", "password": "demo", "next": "https://evil.example/"}
    assert Client().post("/sign-in/", right).headers["Location"] == "/"


def test_signing_out_ends_the_session(company: Company, client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_a_switched_off_person_is_out_at_once(company: Company, client: Client) -> None:
    User.objects.filter(pk=company.marketing.pk).update(is_active=False)
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"
    right = {"username": "marketing", "password": "demo"}
    told = Client().post("/sign-in/", right, follow=True)
    assert "This account is switched off" in text(told)
    wrong = {"username": "marketing", "password": "guess"}
    assert "switched off" not in text(Client().post("/sign-in/", wrong)), "only to the person"


def test_forms_need_the_csrf_token(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    come_in(client, company.marketing)
    assert client.post("/notifications/read/").status_code == 403


# ---------------------------------------------------------------- starting


def start_form(company: Company, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Stop the double offer",
        "marketing_owner": company.marketing.pk,
        "cx_owner": company.cx.pk,
        "creation_key": str(uuid4()),
    } | changed


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


# ---------------------------------------------------------------- the steps


def money_form(version: int, *rows: dict[str, str], **changed: str) -> dict[str, Any]:
    form: dict[str, Any] = {
        "version": version,
        "horizon_months": "36",
        "money-TOTAL_FORMS": len(rows),
        "money-INITIAL_FORMS": 0,
    } | changed
    for place, row in enumerate(rows):
        form |= {f"money-{place}-{name}": content for name, content in row.items()}
    return form


COST = {"kind": "one_off_cost", "label": "Build", "low": "1", "likely": "2", "high": "3"}
WON = {"kind": "acquisition", "label": "New", "low": "4", "likely": "5", "high": "6"}
BLANK = {"kind": "retention", "label": " ", "low": "", "likely": "", "high": ""}


def test_each_step_saves_and_leads_to_the_next(company: Company, client: Client) -> None:
    proposal = company.draft(problem="", customer_job="", money=[], effects=[])
    path = f"/proposals/{proposal.pk}/edit"
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("basics", start_form(company, title="A"), "problem"),
        ("problem", {"problem": "B", "customer_job": "C"}, "change"),
        (
            "change",
            {
                "marketing_part": "D",
                "cx_part": "E",
                "effects-TOTAL_FORMS": 2,
                "effects-INITIAL_FORMS": 0,
                "effects-0-stage": company.stage.pk,
                "effects-0-segment": company.segment.pk,
                "effects-0-reach": "900",
                "effects-0-points": "-2.5",
                "effects-0-evidence": "test",
                "effects-0-evidence_date": "2025-03-31",
                "effects-1-stage": company.stage.pk,
            },
            "money",
        ),
        ("money", money_form(0, COST, BLANK), ""),
    ]
    for number, (step, form, following) in enumerate(steps, start=1):
        answer = client.post(f"{path}/{step}/", form | {"version": number})
        expected = f"{path}/{following}/" if following else f"/proposals/{proposal.pk}/"
        assert answer.headers["Location"] == expected
    kept = Proposal.objects.get()
    assert (kept.title, kept.problem, kept.cx_part, kept.version) == ("A", "B", "E", 5)
    effect = kept.effects.get()
    assert [effect.reach, effect.points] == [900, Decimal("-2.5")]
    assert effect.evidence_date == date(2025, 3, 31)
    assert kept.money.get().label == "Build"


def test_saving_can_stay_on_the_step(company: Company, client: Client) -> None:
    path = f"/proposals/{company.draft().pk}/edit/problem/"
    form = {"version": 1, "problem": "B", "customer_job": "C", "stay": "1"}
    answer = client.post(path, form, follow=True)
    assert answer.redirect_chain == [(path, 302)]
    assert "Saved." in text(answer)


def test_a_stale_form_comes_back_whole(company: Company, client: Client) -> None:
    proposal = company.draft()
    path = f"/proposals/{proposal.pk}/edit/problem/"
    form = {"version": 1, "problem": "First", "customer_job": "One"}
    assert client.post(path, form).status_code == 302
    late = signed_in(company.cx).post(path, form | {"problem": "Typed meanwhile"})
    assert late.status_code == 422
    assert summary(late)[0].startswith("Both of you changed the same.")
    assert "Typed meanwhile" in text(late)
    assert 'name="version" value="1"' in text(late)
    assert Proposal.objects.get().problem == "First"


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_form_without_a_true_version_saves_nothing(
    company: Company, client: Client, version: str
) -> None:
    path = f"/proposals/{company.draft().pk}/edit/problem/"
    answer = client.post(path, {"version": version, "problem": "X", "customer_job": "Y"})
    assert answer.status_code == 422
    assert Proposal.objects.get().problem == TEXTS["problem"]


def test_blank_and_removed_rows_are_no_rows(company: Company, client: Client) -> None:
    proposal = company.draft()
    path = f"/proposals/{proposal.pk}/edit/money/"
    form = money_form(1, BLANK, COST, COST | {"label": "Gone", "DELETE": "on"}, BLANK)
    assert client.post(path, form).status_code == 302
    assert list(proposal.money.values_list("label", flat=True)) == ["Build"]
    assert client.post(path, money_form(2, BLANK)).status_code == 302
    assert not proposal.money.exists()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (COST | {"likely": "much"}, "“much” is not an amount. Write it like 11,500,000"),
        (COST | {"high": "1.500"}, "“1.500” can be read in two ways. Write 1500, or 1.5."),
        (COST | {"likely": "9"}, "High must not be below likely."),
        (COST | {"low": "-1"}, "A cost cannot be negative. Enter money saved as a benefit."),
        (COST | {"high": ""}, "Give the amount."),
        (COST | {"kind": "bribe"}, "Select a valid choice."),
        (COST | {"high": "9" * 30}, "Ensure that there are no more than"),
        (COST | {"high": "NaN"}, "“NaN” is not an amount."),
        (WON, "Say which share of these new customers is still there after a year"),
        (WON | {"yearly_retention": "2"}, "Ensure this value is less than or equal to 1."),
        (WON | {"yearly_retention": "0.8", "starts_month": "200"}, "less than or equal to 119."),
    ],
)
def test_a_wrong_row_comes_back_with_its_message(
    company: Company, client: Client, row: dict[str, str], message: str
) -> None:
    proposal = company.draft(money=[])
    answer = client.post(
        f"/proposals/{proposal.pk}/edit/money/", money_form(1, BLANK, row | {"label": "Typed"})
    )
    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="Typed"' in text(answer)
    assert not proposal.money.exists()


def test_amounts_are_read_and_shown_as_people_write_them(company: Company, client: Client) -> None:
    proposal = company.draft(money=[])
    path = f"/proposals/{proposal.pk}/edit/money/"
    typed = COST | {"low": "9 500", "likely": "10,000.50", "high": "0.25 M"}
    assert client.post(path, money_form(1, typed)).status_code == 302
    line = proposal.money.get()
    amounts = (line.low, line.likely, line.high)
    assert amounts == (Decimal(9500), Decimal("10000.50"), Decimal(250_000))
    page = text(client.get(path))
    for shown in ("9,500", "10,000.50", "250,000"):
        assert f'value="{shown}"' in page


def test_a_choice_says_what_to_choose_and_numbers_carry_no_noughts(
    company: Company, client: Client
) -> None:
    proposal = company.draft()
    proposal.effects.update(points=Decimal("-2.50"))
    page = text(client.get(f"/proposals/{proposal.pk}/edit/change/"))
    for words in ("Choose a stage", "Choose a segment", "Choose how", 'value="-2.5"'):
        assert words in page
    assert "-----" not in page
    assert "Choose a person" in text(client.get("/proposals/new/"))


def test_a_wrong_horizon_is_in_the_summary(company: Company, client: Client) -> None:
    proposal = company.draft()
    form = money_form(1, COST, horizon_months="121")
    answer = client.post(f"/proposals/{proposal.pk}/edit/money/", form)
    assert answer.status_code == 422
    assert summary(answer) == ["Horizon: Ensure this value is less than or equal to 120."]


def test_an_effect_on_the_same_stage_and_segment_twice_is_refused(
    company: Company, client: Client
) -> None:
    proposal = company.draft(effects=[])
    row = {
        "stage": company.stage.pk,
        "segment": company.segment.pk,
        "reach": "10",
        "points": "5",
        "evidence": "user",
    }
    form: dict[str, Any] = {"version": 1, "marketing_part": "D", "cx_part": "E"}
    form |= {"effects-TOTAL_FORMS": 2, "effects-INITIAL_FORMS": 0}
    form |= {f"effects-{n}-{name}": value for n in (0, 1) for name, value in row.items()}
    answer = client.post(f"/proposals/{proposal.pk}/edit/change/", form)
    assert (answer.status_code, "This is already in the list." in text(answer)) == (422, True)
    assert not proposal.effects.exists()


@pytest.mark.parametrize("total", ["", "x", "5000"])
def test_a_broken_row_count_saves_nothing(company: Company, client: Client, total: str) -> None:
    proposal = company.draft()
    form = money_form(1, COST) | {"money-TOTAL_FORMS": total}
    assert client.post(f"/proposals/{proposal.pk}/edit/money/", form).status_code == 422
    assert proposal.money.count() == 2


def test_an_unknown_step_is_not_found(company: Company, client: Client) -> None:
    assert client.get(f"/proposals/{company.draft().pk}/edit/magic/").status_code == 404


def test_a_submitted_proposal_is_not_edited(company: Company, client: Client) -> None:
    proposal = company.submitted()
    answer = client.get(f"/proposals/{proposal.pk}/edit/problem/", follow=True)
    assert "Take it back to draft to change it." in text(answer)


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
