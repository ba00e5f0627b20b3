"""Mild and strict panelists: taken out of the ranking where the framework says so."""

import numpy as np
import pytest

from projects.models import Team, User
from scoring.analysis.assignment import spread
from scoring.analysis.severity import adjust
from scoring.backlog.services.ledger import ledger_of
from scoring.exports.files.method import source_of
from scoring.forecast.matrix import panel_means
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import RankedProposal, RankingRun, Seat
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.ranking import replay
from scoring.what_if.services.base import answer, base_of
from scoring.what_if.services.preview import preview_draft
from tests.company import Company
from tests.pages import signed_in, text

PAIN, FIT = 2, 3  # places among the criteria


@pytest.fixture
def judged(company: Company) -> Company:
    """Sixteen proposals, two judges each; ina gives a whole step more on pain than the others."""
    judges = [company.curator, company.panelist]
    for name in ("ina", "olaf"):
        user = User.objects.create_user(name, team=Team.objects.get(name="Data Platform"))
        Seat.objects.create(user=user)
        judges.append(User.objects.get(pk=user.pk))
    for number in range(16):
        proposal = company.submitted(f"Proposal {number}")
        worth = number % 3  # of a scale of 0, 50 and 100 the lower two, and a step more by ina
        for judge in (judges[number % 4], judges[(number + 1 + number // 4 % 3) % 4]):
            mild = judge.username == "ina"
            company.score(proposal, judge, min(50 * (worth // 2 + mild), 100), (0, 25, 100)[worth])
    return company


def inputs(run: RankingRun, place: int) -> dict[str, float]:
    rows = RankedProposal.objects.filter(run=run).order_by("proposal")
    return {row.title: row.contributions[place][1] for row in rows}


def test_a_run_reads_what_the_library_says(judged: Company) -> None:
    plain = judged.rank()
    judged.amend(corrects_severity=True)
    corrected = judged.rank()
    snapshot = load_snapshot(corrected)
    titles = {item["id"]: item["title"] for item in snapshot["proposals"]}
    ids, people = list(titles), sorted({row[2] for row in snapshot["scores"]})
    rows = [row for row in snapshot["scores"] if row[1] == "pain"]
    assert len(rows) == 32
    found = adjust(
        [ids.index(row[0]) for row in rows],
        [people.index(row[2]) for row in rows],
        [float(row[3]) for row in rows],
        len(ids),
        len(people),
    )
    expected = dict(zip(titles.values(), np.clip(found.adjusted, 0, 100).tolist(), strict=True))
    assert inputs(corrected, PAIN) == pytest.approx(expected, abs=1e-9)
    assert inputs(plain, PAIN) != pytest.approx(expected, abs=1)
    ina = people.index(User.objects.get(username="ina").pk)
    assert found.effect[ina] > 10 > max(np.delete(found.effect, ina))
    assert corrected.facts["criteria"][PAIN]["spread"] == pytest.approx(found.sigma, abs=1e-9)
    assert [item.get("corrected") for item in corrected.facts["criteria"]] == [
        None,
        None,
        True,
        True,
    ]
    assert not any("corrected" in item for item in plain.facts["criteria"])
    assert source_of(corrected.facts["criteria"][PAIN]).endswith("mild and strict panelists")
    assert corrected.facts["criteria"][PAIN]["spread"] < plain.facts["criteria"][PAIN]["spread"]
    assert replay(RankingRun.objects.get(pk=plain.pk))
    assert replay(RankingRun.objects.get(pk=corrected.pk))


def test_the_ledger_accounts_for_the_correction(judged: Company) -> None:
    plain = judged.rank()
    judged.amend(corrects_severity=True)
    corrected = judged.rank()
    named = 0
    for now in RankedProposal.objects.filter(run=corrected).select_related("run"):
        before = RankedProposal.objects.select_related("run").get(
            run=plain, proposal=now.proposal_id
        )
        found = ledger_of(before, now, load_snapshot(corrected))
        assert found is not None
        assert sum(entry.cause.value for entry in found.entries) == pytest.approx(
            found.value, abs=1e-9
        )
        causes = {entry.cause.key: entry for entry in found.entries}
        assert "scores" not in causes
        if "severity" in causes:
            named += 1
            assert any("Pain relieved" in line for line in causes["severity"].happened)
    assert named > 8


def test_the_preview_of_the_switch_is_what_comes(judged: Company) -> None:
    run = judged.rank()
    opened = start_draft(actor=judged.curator)
    spec = spec_of(opened) | {"summary": "Corrected."}
    spec["parameters"]["corrects_severity"] = True
    draft = save_draft(actor=judged.curator, version=opened, spec=spec, expected_version=1)
    foreseen = {move.result.title: move.rank for move in preview_draft(draft, run)}
    judged.ratified(draft)
    came = RankedProposal.objects.filter(run=judged.rank()).values_list("title", "rank")
    assert foreseen == dict(came)


def test_what_if_asks_of_the_corrected_scores(judged: Company) -> None:
    judged.amend(corrects_severity=True)
    run = judged.rank()
    base = base_of(run)
    plain = answer(base, base.plain)
    stored = RankedProposal.objects.filter(run=run).order_by("position")
    assert plain.value.tolist() == pytest.approx([row.value for row in stored], abs=1e-9)


def test_the_page_shows_the_mean_beside(judged: Company) -> None:
    judged.amend(corrects_severity=True)
    run = judged.rank()
    page = f"/backlog/{run.results.get(title='Proposal 2').proposal_id}/"
    shown = text(signed_in(judged.leader).get(page))
    assert "which the value corrects for mild and strict panelists" in shown
    assert "2 scores, mean 75.00" in shown
    judged.amend(corrects_severity=False)
    judged.rank()
    assert "corrects for mild and strict" not in text(signed_in(judged.leader).get(page))


def test_too_few_scores_are_left_as_they_are() -> None:
    cells, raters = np.arange(29), np.arange(29) % 2
    values = np.where(raters == 0, 80.0, 20.0)
    left = panel_means(cells, values, raters, (30, 1), corrected=True)
    assert left[:29, 0].tolist() == values.tolist()
    assert np.isnan(left[29, 0])


def test_more_of_the_best_are_found_where_judges_differ() -> None:
    """60 proposals, 12 judges, 3 each; judges as far apart as the proposals."""
    random = np.random.default_rng(1)
    may = np.ones((60, 12), dtype=bool)
    rows, raters = np.nonzero(spread(may, ~may, np.arange(12) % 4, each=3).chosen)
    hits = {False: 0, True: 0}
    for _ in range(100):
        true, mild = random.normal(50, 12, 60), random.normal(0, 12, 12)
        given = np.clip(true[rows] + mild[raters] + random.normal(0, 12, len(rows)), 0, 100)
        best = set(np.argsort(-true, kind="stable")[:15])
        for corrected in hits:
            means = panel_means(rows, given, raters, (60, 1), corrected=corrected)[:, 0]
            hits[corrected] += len(best & set(np.argsort(-means, kind="stable")[:15]))
    # Of the best 15 by their true worth, 66 of 100 by the plain mean and 71 by the corrected one.
    assert hits == {False: 983, True: 1073}
