"""The research register: customers are asked once, and what is known is found first."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.errors import Conflict
from projects.insights.selectors import may_answer
from projects.insights.services import answer_research, ask_research, plan_research
from projects.models import AuditEntry, Notification, ResearchRequest
from tests.company import Company
from tests.pages import signed_in, words

TODAY = timezone.localdate()
DAY = timedelta(days=1)
FOUND = "Half of all callers ask where their card is"


def asked(company: Company, question: str = "Why do families leave?") -> ResearchRequest:
    request = ResearchRequest(question=question, why="What we mend.", segment=company.segment)
    return ask_research(actor=company.panelist, asked=request)


def planned(company: Company, request: ResearchRequest, day: date) -> ResearchRequest:
    return plan_research(actor=company.cx, asked=request, run_by=company.cx, planned_for=day)


def test_it_goes_from_asked_to_done(company: Company) -> None:
    request = asked(company)
    assert request.state == "Asked"
    request = planned(company, request, TODAY + DAY)
    assert request.state == "Planned"
    request = planned(company, request, TODAY)
    assert request.state == "Under way"
    insight = company.insight(FOUND)
    request = answer_research(actor=company.marketing, asked=request, insight=insight)
    assert (request.state, request.answered_by) == ("Done", insight)
    told = Notification.objects.filter(recipient=company.panelist).values_list("text", flat=True)
    assert sorted(told) == [
        f"{company.cx} asks customers: “Why do families leave?”.",
        f"{company.cx} asks customers: “Why do families leave?”.",
        f"“Why do families leave?” is answered: {insight}",
    ]
    actions = ["research.ask", "research.plan", "research.plan", "research.answer"]
    kept = AuditEntry.objects.filter(action__startswith="research.").order_by("pk")
    assert list(kept.values_list("action", flat=True)) == actions


def test_what_is_answered_stays_so(company: Company) -> None:
    request, insight = asked(company), company.insight(FOUND)
    answer_research(actor=company.cx, asked=request, insight=insight)
    with pytest.raises(Conflict):
        answer_research(actor=company.cx, asked=request, insight=company.insight("Another"))
    with pytest.raises(Conflict):
        planned(company, request, TODAY)
    request.refresh_from_db()
    assert (request.answered_by, request.run_by) == (insight, None)


def test_everybody_asks_but_marketing_and_cx_plan_and_answer(company: Company) -> None:
    request = asked(company)
    with pytest.raises(PermissionDenied):
        plan_research(actor=company.panelist, asked=request, run_by=company.cx, planned_for=TODAY)
    with pytest.raises(PermissionDenied):
        answer_research(actor=company.leader, asked=request, insight=company.insight(FOUND))
    assert "Plan it" not in words(signed_in(company.panelist).get(f"/research/{request.pk}/"))


def test_somebody_asks_them_on_a_day_that_can_come(company: Company) -> None:
    request, gone = asked(company), company.cx_mate
    gone.is_active = False
    gone.save()
    for run_by, day, field in (
        (gone, TODAY, "run_by"),
        (company.cx, date(1, 1, 1), "planned_for"),
        (company.cx, date(9999, 12, 31), "planned_for"),
    ):
        with pytest.raises(ValidationError) as caught:
            plan_research(actor=company.cx, asked=request, run_by=run_by, planned_for=day)
        assert list(caught.value.message_dict) == [field]
    request.refresh_from_db()
    assert request.state == "Asked"


def test_nobody_asks_as_done(company: Company) -> None:
    given = ResearchRequest(question="Why?", why="So.", answered_by=company.insight(FOUND))
    assert ask_research(actor=company.cx, asked=given).state == "Asked"
    with pytest.raises(ValidationError):
        ask_research(actor=company.cx, asked=ResearchRequest(question="", why="So."))


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("Where is my card, callers ask?", True),
        ("How many callers want another card?", True),
        ("Which cards do students want?", False),  # one word alone is chance
        ("Why?", False),
        ("", False),
    ],
)
def test_what_is_known_is_found_before_anybody_asks(
    company: Company, question: str, known: bool
) -> None:
    insight = company.insight(FOUND)
    company.insight("Newcomers sign in by phone")
    assert may_answer(question) == ([insight] if known else [])


def test_it_shows_while_one_types(company: Company) -> None:
    company.insight(FOUND)
    client = signed_in(company.leader)
    typed = {"question": "Where do callers think their card is?"}
    assert FOUND in words(client.get("/research/known/", typed))
    assert FOUND in words(client.get("/research/new/", typed))
    assert "known already" not in words(client.get("/research/known/", {"question": "Why"}))


def test_the_same_customers_twice_within_a_month_is_said(company: Company) -> None:
    one, two, three = (asked(company, f"Question {n}") for n in range(3))
    planned(company, two, TODAY + DAY * 20)
    planned(company, three, TODAY + DAY * 50)
    elsewhere = ask_research(actor=company.cx, asked=ResearchRequest(question="Of all", why="So."))
    planned(company, elsewhere, TODAY)
    page = words(signed_in(company.cx).get(f"/research/{one.pk}/"))
    assert "The same customers are asked within a month" in page
    assert "Question 1" in page
    assert "Question 2" not in page
    assert "Of all" not in page
    answer_research(actor=company.cx, asked=two, insight=company.insight(FOUND))
    assert "within a month" not in words(signed_in(company.cx).get(f"/research/{one.pk}/"))


def test_the_forms_plan_and_answer(company: Company) -> None:
    client = signed_in(company.marketing)
    said = {"question": "Who pays twice?", "why": "Whether we mend it."}
    page = client.post("/research/new/", said, follow=True)
    assert "The question is in the register." in words(page)
    request = ResearchRequest.objects.get()
    path = f"/research/{request.pk}/"
    wrong = client.post(f"{path}plan/", {"run_by": company.cx.pk, "planned_for": "soon"})
    assert wrong.status_code == 422
    assert list(wrong.context["plan"].errors) == ["planned_for"]
    far = client.post(f"{path}plan/", {"run_by": company.cx.pk, "planned_for": "0001-01-01"})
    assert "Choose a day within ten years of today." in words(far)
    client.post(f"{path}plan/", {"run_by": company.cx.pk, "planned_for": str(TODAY)})
    wrong = client.post(f"{path}answer/", {"insight": "no such"})
    assert "There is no such insight." in words(wrong)
    insight = company.insight(FOUND)
    page = client.post(f"{path}answer/", {"insight": str(insight)}, follow=True)
    assert "The question is answered." in words(page)
    page = client.post(f"{path}answer/", {"insight": str(insight)}, follow=True)
    assert "This question is answered already." in words(page)
    assert client.post("/research/new/", {"question": "", "why": ""}).status_code == 422


def test_what_is_open_stands_first(company: Company) -> None:
    for number in range(3):
        asked(company, f"Question {number}")
    last = ResearchRequest.objects.get(question="Question 2")
    answer_research(actor=company.cx, asked=last, insight=company.insight(FOUND))
    listed = signed_in(company.leader).get("/research/").context["page_obj"]
    assert [str(request) for request in listed] == ["Question 1", "Question 0", "Question 2"]


def test_the_register_asks_as_often_for_few_as_for_many(company: Company) -> None:
    client, counted = signed_in(company.leader), []
    for number in (1, 3):
        for place in range(number):
            planned(company, asked(company, f"Question {number} {place}"), TODAY)
        client.get("/research/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/research/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
