"""How good forecasts were, what they teach, and the draft that the panel votes on."""

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from projects.errors import Conflict
from projects.models import Cycle, Proposal
from scoring.analysis.calibration import Foretold
from scoring.framework.selectors import draft_version, published_version, spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.framework.services.votes import open_vote
from scoring.outcomes.services import Progress, draft_lessons, report_progress
from scoring.outcomes.services import record as teaching
from tests.company import Company, recorded
from tests.pages import signed_in, words
from tests.scoring.outcomes.greenlit import a_report, greenlit, progress, reported

# Spent and brought of six proposals that were to cost 100 and bring 150 within the year.
CAME = [(110, 150), (120, 130), (130, 60), (100, 150), (125, 75), (140, 30)]


def done(company: Company, many: int = 6) -> list[Proposal]:
    made = [company.scored(f"Done {place}", pain=(0, 50, 100)[place % 3]) for place in range(many)]
    greenlit(company, *made)
    for proposal, (spent, brought) in zip(made, CAME, strict=False):
        reported(proposal, state="done", spent=spent, brought=brought)
    return made


def rows(company: Company) -> list[Progress]:
    return list(progress().values())


def test_accuracy_counts_what_is_over_and_known(company: Company) -> None:
    done(company, 5)
    more = [company.scored(name) for name in ("Under way", "Unmeasured", "Stopped")]
    greenlit(company, *more)
    reported(more[0], spent=500, brought=1)
    reported(more[1], state="done", spent=100)
    reported(more[2], state="stopped", spent=30, brought=0)
    costs, benefits = teaching.accuracy(rows(company))
    assert (costs.n, benefits.n) == (6, 6)
    # Certain costs of 100: only those of exactly that are inside.
    assert costs.inside.rate == pytest.approx(2 / 6)
    assert costs.ratio == pytest.approx((1.1 + 1.2) / 2)


def test_a_certain_cost_that_came_exactly_is_inside(company: Company) -> None:
    """Futures are drawn in single precision, which knows 123,456.78 as 123,456.78125."""
    proposal = company.scored("Odd", money=company.money(cost=Decimal("123456.78")))
    greenlit(company, proposal)
    report = a_report(proposal, state="done")
    report.spent = Decimal("123456.78")
    report_progress(actor=proposal.marketing_owner, report=report)
    (one,) = rows(company)
    assert one.spent.word == "as expected"
    assert teaching.accuracy([one])[0].inside.rate == 1.0


def test_fewer_than_five_say_nothing(company: Company) -> None:
    done(company, 4)
    version = published_version()
    assert version is not None
    _, benefits = teaching.accuracy(rows(company))
    assert (benefits.n, benefits.is_enough) == (4, False)
    assert all(not lesson.applies for lesson in teaching.lessons(rows(company), version))
    assert {told.word for told in teaching.told_by_criteria(rows(company))} == {"too few to say"}
    page = words(signed_in(company.leader).get("/outcomes/"))
    assert "Costs 4 too few to say" in page


def test_lessons_count_n_in_n_plus_20(company: Company) -> None:
    done(company)
    version = published_version()
    assert version is not None
    uplift, prior, spread = teaching.lessons(rows(company), version)
    overruns = sorted(spent / 100 - 1 for spent, _ in CAME)
    own = (overruns[2] + overruns[3]) / 2
    assert uplift.learned == pytest.approx(6 / 26 * own, abs=0.0005)
    returns = [one.on_course for one in rows(company)]
    assert None not in returns
    mean = sum(value or 0 for value in returns) / 6
    assert prior.learned == pytest.approx(6 / 26 * mean, abs=0.005)
    sd = (sum(((value or 0) - mean) ** 2 for value in returns) / 5) ** 0.5
    assert spread.learned == pytest.approx(0.8 + 6 / 26 * (sd - 0.8), abs=0.005)
    assert (uplift.n, prior.n, spread.n) == (6, 6, 6)


def test_what_each_kind_of_evidence_supported(company: Company) -> None:
    done(company)
    version = published_version()
    assert version is not None
    (step,) = teaching.steps(rows(company), version)
    assert (step.key, step.n) == ("opinion", 6)
    stated = [one.stated or 0 for one in rows(company)]
    came = [one.on_course or 0 for one in rows(company)]
    slope = sum(x * y for x, y in zip(stated, came, strict=True)) / sum(x * x for x in stated)
    own = min(max(slope, 0), 1)
    assert step.learned == pytest.approx(0.1 + 6 / 26 * (own - 0.1))


def test_a_criterion_that_put_the_better_ones_higher(company: Company) -> None:
    """Pain 0, 50, 100 in turn: its order against the returns, counted by hand as Spearman does."""
    done(company)
    told = {row.criterion: row for row in teaching.told_by_criteria(rows(company))}
    assert told["Pain relieved"].found.n == 6
    assert told["Strategic fit"].found.rho is None  # all the same
    assert told["Strategic fit"].word == "too few to say"
    by_title = progress()
    pairs = [
        ((0, 50, 100)[place % 3], by_title[f"Done {place}"].on_course or 0) for place in range(6)
    ]
    assert told["Pain relieved"].found.rho == pytest.approx(spearman(pairs))


def spearman(pairs: Sequence[tuple[float, float]]) -> float:
    def ranks(values: list[float]) -> list[float]:
        return [
            sum(other < value for other in values) + (values.count(value) + 1) / 2
            for value in values
        ]

    x, y = (ranks([pair[place] for pair in pairs]) for place in (0, 1))
    mean = (len(pairs) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(x, y, strict=True))
    sizes = [sum((a - mean) ** 2 for a in values) for values in (x, y)]
    return top / sqrt(sizes[0] * sizes[1])


@pytest.mark.parametrize(
    ("n", "rho", "low", "high", "word"),
    [
        (4, 0.9, 0.5, 1.0, "too few to say"),
        (9, None, None, None, "too few to say"),
        (9, 0.6, 0.01, 0.9, "told better from worse"),
        (9, 0.6, -0.01, 0.9, "not clear yet"),
        (9, 0.1, -0.5, 0.31, "not clear yet"),
        (9, 0.1, -0.5, 0.29, "told nothing"),
    ],
)
def test_a_criterion_in_words_goes_by_its_range(
    n: int, rho: float | None, low: float | None, high: float | None, word: str
) -> None:
    assert teaching.Told("Pain", Foretold(n, rho, low, high)).word == word


class TestAmendment:
    def test_the_chair_drafts_what_was_learned_and_nothing_changes_by_itself(
        self, company: Company
    ) -> None:
        done(company)
        before = published_version()
        assert before is not None
        learned = teaching.lessons(rows(company), before)
        answer = signed_in(company.curator).post("/outcomes/learn/", follow=True)
        assert "Drafted." in words(answer)
        draft, now = draft_version(), published_version()
        assert draft is not None
        assert now is not None
        assert now.pk == before.pk
        assert now.cost_uplift == before.cost_uplift
        assert [float(getattr(draft, row.key)) for row in learned] == [
            row.learned for row in learned
        ]
        assert draft.summary.startswith("What outcomes teach: costs run over by 0 to 0.")
        assert "6 outcomes" in draft.summary

    def test_what_else_an_open_draft_changes_stays(self, company: Company) -> None:
        done(company)
        draft = start_draft(actor=company.curator)
        spec = spec_of(draft) | {"summary": "Counts later years for less."}
        spec["parameters"]["discount_rate"] = "0.12"
        save_draft(actor=company.curator, version=draft, spec=spec, expected_version=draft.version)
        taught = draft_lessons(actor=company.curator, progress=rows(company))
        assert taught.pk == draft.pk
        assert float(taught.discount_rate) == 0.12
        assert taught.cost_uplift > 0
        assert taught.summary.startswith("Counts later years for less. What outcomes teach: ")
        # Learned from what is in force, not from what was just learned.
        with pytest.raises(Conflict, match="nothing to draft"):
            draft_lessons(actor=company.curator, progress=rows(company))

    def test_not_while_the_panel_votes(self, company: Company) -> None:
        done(company)
        draft = start_draft(actor=company.curator)
        spec = spec_of(draft) | {"summary": "Counts later years for less."}
        draft = save_draft(
            actor=company.curator, version=draft, spec=spec, expected_version=draft.version
        )
        number = draft.version
        open_vote(actor=company.curator, version=draft, expected_version=number, at_once=True)
        with pytest.raises(Conflict):
            draft_lessons(actor=company.curator, progress=rows(company))

    def test_too_few_outcomes_draft_nothing(self, company: Company) -> None:
        done(company, 4)
        with pytest.raises(Conflict, match="nothing to draft"):
            draft_lessons(actor=company.curator, progress=rows(company))
        assert draft_version() is None

    def test_only_the_chair_or_an_administrator(self, company: Company) -> None:
        done(company)
        for person in (company.leader, company.panelist, company.marketing):
            with pytest.raises(PermissionDenied):
                draft_lessons(actor=person, progress=rows(company))
            page = signed_in(person).get("/outcomes/")
            assert "Draft an amendment" not in words(page)
        assert draft_version() is None


class TestDepartures:
    def test_money_outside_the_ranking_by_reason_and_what_came_of_it(
        self, company: Company
    ) -> None:
        """250,000 are for two; the two others are greenlit all the same."""
        made = [company.scored(f"P{place}", pain=100 - 50 * (place // 2)) for place in range(4)]
        greenlit(company, *made)
        reported(made[2], state="done", spent=100, brought=150)
        rows = list(progress().values())
        (row,) = teaching.departures(rows)
        assert (row.why, row.count) == ("Strategic commitment outside the framework", 2)
        assert row.cost == pytest.approx(200_000)
        assert teaching.departed_share(rows) == pytest.approx(0.5)
        by_title = progress()
        one = by_title["P2"]
        assert one.on_course is not None
        assert row.known == 1
        assert row.came == pytest.approx(one.on_course * 100_000)
        assert row.promised == pytest.approx((one.promised or 0) * 200_000)
        page = words(signed_in(company.leader).get("/outcomes/"))
        assert "50 % of the greenlit money" in page.replace("\u202f", " ").replace("\xa0", " ")

    def test_what_was_left_out_instead_is_counted_once_it_is_left(self, company: Company) -> None:
        """Of two inside the budget one is greenlit, and one outside it too."""
        made = [company.scored(f"P{place}", pain=100 - 50 * (place // 2)) for place in range(4)]
        run = greenlit(company, made[0], made[2])
        assert teaching.displaced(list(progress().values())).count == 0  # P1 is still open
        row = run.results.get(title="P1")
        assert row.line == "inside"
        recorded(
            actor=company.leader,
            proposal=made[1],
            run=run,
            outcome="hold",
            reason="No money left.",
            override_code="strategy",
            creation_key=uuid4(),
        )
        found = teaching.displaced(list(progress().values()))
        assert (found.count, found.cost) == (1, row.cost)
        assert found.returns == pytest.approx((row.roi or 0) * (row.cost or 0))
        page = " ".join(words(signed_in(company.leader).get("/outcomes/")).split())
        assert "Left out instead: 1 that the ranking had inside the budget" in page
        Proposal.objects.filter(pk=made[1].pk).update(status="submitted")
        assert teaching.displaced(list(progress().values())).count == 0
        Cycle.objects.update(is_current=False)  # over: what is open now stays out
        assert teaching.displaced(list(progress().values())).count == 1

    def test_who_owes_a_judgement_in_the_run_does_not_see_them(self, company: Company) -> None:
        made = [company.scored(f"P{place}") for place in range(3)]
        company.submitted("Unjudged")
        greenlit(company, *made)
        assert "Decided outside the ranking" in words(signed_in(company.leader).get("/outcomes/"))
        page = words(signed_in(company.panelist).get("/outcomes/"))
        assert "Decided outside the ranking" not in page
        assert "P2" in page
