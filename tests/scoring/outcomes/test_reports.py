"""Reporting on greenlit work: who may, what is kept, who is told and who is asked."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.errors import Conflict
from projects.models import AuditEntry, Notification, Proposal
from scoring.models import Report
from scoring.outcomes.selectors import decided_on, reports_due, reports_of
from scoring.outcomes.services import remind_of_reports
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words
from tests.scoring.outcomes.greenlit import greenlit, progress, reported

TODAY = timezone.localdate()


@pytest.fixture
def proposal(company: Company) -> Proposal:
    """Greenlit a year ago; 100,000 once, 150,000 a year, both for certain."""
    made = company.scored("Stop the double offer")
    greenlit(company, made)
    return Proposal.objects.get(pk=made.pk)


def wrong(company: Company, proposal: Proposal, **said: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        reported(proposal, **said)
    return caught.value.message_dict


def test_owners_and_finance_report_and_nobody_else(company: Company, proposal: Proposal) -> None:
    for actor in (company.marketing, company.cx, company.curator, company.admin):
        reported(proposal, actor=actor, note=f"By {actor}")
    for actor in (company.marketing_mate, company.other_cx, company.panelist):
        with pytest.raises(PermissionDenied):
            reported(proposal, actor=actor)
        page = signed_in(actor).get(f"/proposals/{proposal.pk}/progress/")
        assert "Keep this report" not in words(page)
        answer = signed_in(actor).post(f"/proposals/{proposal.pk}/progress/", {"state": "done"})
        assert answer.status_code == 403
    assert Report.objects.count() == 4


def test_only_what_is_greenlit_is_reported_on(company: Company, proposal: Proposal) -> None:
    other = company.scored("Another")
    with pytest.raises(Conflict, match="not greenlit"):
        reported(other)
    page = f"/proposals/{other.pk}/progress/"
    assert signed_in(company.marketing).get(page).status_code == 404
    reported(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(status="declined")
    with pytest.raises(Conflict):
        reported(proposal, note="Again")


def test_a_day_lies_between_the_greenlight_and_today(company: Company, proposal: Proposal) -> None:
    assert "still to come" in wrong(company, proposal, days_ago=-1)["as_of"][0]
    since = (TODAY - decided_on(proposal.decisions.get())).days
    before = wrong(company, proposal, days_ago=since + 1)["as_of"][0]
    assert before.startswith("It was greenlit on")
    reported(proposal, days_ago=since)


def test_what_is_done_was_finished_by_then(company: Company, proposal: Proposal) -> None:
    assert "finish" in wrong(company, proposal, state="done", finish=None)
    later = TODAY + timedelta(days=1)
    assert "finish" in wrong(company, proposal, state="done", finish=later)
    reported(proposal, state="delayed", finish=later)


def test_spending_is_all_so_far_and_never_falls(company: Company, proposal: Proposal) -> None:
    reported(proposal, days_ago=100, spent=80)
    assert "already" in wrong(company, proposal, days_ago=50, spent=79)["spent"][0]
    assert "only" in wrong(company, proposal, days_ago=150, spent=81)["spent"][0]
    assert "spent" in wrong(company, proposal, spent=-1)
    reported(proposal, days_ago=100, spent=60)  # the day is mended
    reported(proposal, days_ago=50, spent=60)
    assert [row.spent for row in reports_of(proposal)] == [60_000, 60_000]


def test_nobody_knows_is_not_nothing(company: Company, proposal: Proposal) -> None:
    reported(proposal, state="done")
    page = signed_in(company.leader).get(f"/proposals/{proposal.pk}/progress/")
    assert words(page).count("not known") == 4  # now and in the list of reports
    reported(proposal, state="done", spent=0, brought=0)
    page = signed_in(company.leader).get(f"/proposals/{proposal.pk}/progress/")
    assert "not known" not in words(page)


def test_the_same_is_kept_once_and_the_last_of_a_day_counts(
    company: Company, proposal: Proposal
) -> None:
    first = reported(proposal, spent=10, note="Begun")
    assert reported(proposal, spent=10, note="Begun").pk == first.pk
    second = reported(proposal, spent=12, note="Begun")
    assert [row.pk for row in reports_of(proposal)] == [second.pk]
    assert progress()[proposal.title].spent.actual == 12_000
    assert AuditEntry.objects.filter(action="report.keep").count() == 2


def test_the_newest_day_counts_and_not_what_was_entered_last(
    company: Company, proposal: Proposal
) -> None:
    reported(proposal, days_ago=5, state="delayed")
    reported(proposal, days_ago=40, state="under_way")
    assert progress()[proposal.title].state == "delayed"


def test_a_report_is_kept_by_the_database_too(company: Company, proposal: Proposal) -> None:
    kept = reported(proposal, spent=10)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=kept.pk).update(spent=Decimal(1))


def test_a_change_of_state_is_told_once(company: Company, proposal: Proposal) -> None:
    Notification.objects.all().delete()
    reported(proposal, days_ago=30)
    told = Notification.objects.values_list("recipient__username", "text")
    assert set(told) == {(name, "“Stop the double offer”: under way.") for name in ("cx", "leader")}
    Notification.objects.all().delete()
    reported(proposal, days_ago=20, spent=5)  # as before
    reported(proposal, days_ago=25, state="stopped")  # no news: an older day
    assert not Notification.objects.exists()
    reported(proposal, actor=company.curator, state="done")
    assert set(Notification.objects.values_list("recipient__username", flat=True)) == {
        "marketing",
        "cx",
        "leader",
    }


class TestReminders:
    def test_owners_are_asked_once_a_quarter(self, company: Company) -> None:
        made = company.scored("Asked about")
        greenlit(company, made, days_ago=90)
        Notification.objects.all().delete()
        assert remind_of_reports() == 1
        assert remind_of_reports() == 0
        (text,) = set(Notification.objects.values_list("text", flat=True))
        assert text.startswith("How does “Asked about” go?")
        assert Notification.objects.count() == 2
        reported(made, days_ago=0)
        assert [standing.is_due for standing in reports_due(company.marketing)] == []

    @pytest.mark.parametrize(
        ("days_ago", "said", "due"),
        [
            (89, None, False),
            (90, None, True),
            (200, {"days_ago": 90}, True),
            (200, {"days_ago": 89}, False),
            (200, {"days_ago": 90, "state": "stopped"}, False),
            (200, {"days_ago": 90, "state": "done"}, True),  # what it brings is still to come
            (1_500, {"days_ago": 300}, False),  # three years of benefits are over
        ],
    )
    def test_when_it_is_due(
        self, company: Company, days_ago: int, said: dict[str, Any] | None, due: bool
    ) -> None:
        made = company.scored("Asked about")
        greenlit(company, made, days_ago=days_ago)
        if said:
            reported(made, **said)
        assert bool(reports_due(company.cx)) is due
        assert reports_due(company.other_cx) == []
        home = signed_in(company.cx).get("/outcomes/due/")
        assert ("How does “Asked about” go?" in words(home)) is due


def test_a_report_by_api(company: Company, proposal: Proposal) -> None:
    api = Api(company.marketing)
    body = {"proposal": proposal.pk, "as_of": str(TODAY), "state": "done", "spent": "90000.00"}
    answer = api.send("POST", "/reports/", body)
    assert refusal_of(answer) == {"finish": ["Give the day on which it was finished."]}
    body |= {"finish": str(TODAY), "brought": None, "note": ""}
    kept = api.send("POST", "/reports/", body)
    assert kept.status_code == 201
    assert kept.json()["spent"] == "90000.00"
    assert kept.json()["brought"] is None
    assert api.read(f"/reports/?proposal={proposal.pk}")["count"] == 1
    assert Api(company.other_cx).send("POST", "/reports/", body).status_code == 403
    (row,) = api.read("/outcomes/")["results"]
    assert row["report"]["state"] == "done"
    assert row["spent"] == {"low": 100_000.0, "likely": 100_000.0, "high": 100_000.0}
