"""Pages of the panel, the runs and the decisions."""

import re
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from projects.models import Cycle, Proposal, User
from scoring.models import Decision, RankingRun, Scorecard
from tests.company import Company
from tests.kept import kept
from tests.pages import signed_in, text

# ---------------------------------------------------------------- scoring


def answers(company: Company, pain: int, fit: int, **fields: Any) -> dict[str, Any]:
    """The scoring form; a negative value abstains."""
    form: dict[str, Any] = {"version": 0, "act": "submit", "comment": ""}
    for key, answer in company.answers(pain, fit).items():
        form[f"criterion-{key}"] = answer.level or "abstain"
        form[f"reason-{key}"] = answer.abstention_reason
    return form | fields


def test_save_and_next_walks_through_the_queue(company: Company) -> None:
    first, second = company.submitted("First"), company.submitted("Second")
    panelist = signed_in(company.panelist)
    queue = text(panelist.get("/admin/"))
    assert "0 of 2 done" in queue
    assert queue.index("First") < queue.index("Second")
    answer = panelist.post(f"/admin/score/{first.pk}/", answers(company, 50, 25), follow=True)
    assert answer.redirect_chain == [(f"/admin/score/{second.pk}/", 302)]
    assert "Your scorecard on “First” is in." in text(answer)
    last = panelist.post(f"/admin/score/{second.pk}/", answers(company, 50, -1), follow=True)
    assert last.redirect_chain == [("/admin/", 302)]
    assert "Nothing is waiting for you." in text(last)
    assert Scorecard.objects.filter(status="submitted").count() == 2


def test_an_incomplete_scorecard_keeps_every_choice(company: Company) -> None:
    proposal = company.submitted()
    form = answers(company, 50, 25, comment="Typed with care")
    (pain, _), (fit, _) = company.answers(50, 25).items()
    form |= {f"criterion-{fit}": "abstain", f"reason-{fit}": ""}
    answer = signed_in(company.panelist).post(f"/admin/score/{proposal.pk}/", form)
    assert answer.status_code == 422
    assert "Choose a level for “Strategic fit”, or abstain and say why." in text(answer)
    assert "Typed with care" in text(answer)
    level = form[f"criterion-{pain}"]
    assert f'name="criterion-{pain}" value="{level}" checked' in text(answer)
    assert f'name="criterion-{fit}" value="abstain" checked' in text(answer)
    assert not Scorecard.objects.exists()


@pytest.mark.parametrize("choice", ["0", "999999", "x", "²", "9" * 40, "-1"])
def test_a_level_from_nowhere_is_refused(company: Company, choice: str) -> None:
    proposal = company.submitted()
    form = answers(company, 50, 25)
    form[next(name for name in form if name.startswith("criterion-"))] = choice
    answer = signed_in(company.panelist).post(f"/admin/score/{proposal.pk}/", form)
    assert answer.status_code == 422
    assert not Scorecard.objects.exists()


def test_a_stale_scorecard_is_refused_with_what_was_chosen(company: Company) -> None:
    proposal, panelist = company.submitted(), signed_in(company.panelist)
    path = f"/admin/score/{proposal.pk}/"
    saved = panelist.post(path, answers(company, 50, 25, act="save"), follow=True)
    assert "Saved. Nobody sees it until you submit it." in text(saved)
    late = panelist.post(path, answers(company, 100, 25, comment="Second window"))
    assert (late.status_code, "Second window" in text(late)) == (422, True)
    assert "Your scorecard was changed by someone else" in text(late)


def test_others_levels_appear_with_the_own_scorecard(company: Company) -> None:
    proposal, panelist = company.submitted(), signed_in(company.panelist)
    company.score(proposal, company.curator, 100, -1)
    path = f"/admin/score/{proposal.pk}/"
    assert "What the panel said" not in text(panelist.get(path))
    panelist.post(path, answers(company, 0, 25))
    said = text(panelist.get(path)).partition("What the panel said")[2]
    assert re.findall(r"<b>([^<]+)</b>\s*<span class=\"sub\">([^<]+)", said) == [
        ("Level 0", "you"),
        ("Level 100", "curator"),
        ("abstained", "curator"),
        ("Level 25", "you"),
    ]


def test_stepping_back_leaves_the_queue_and_is_final(company: Company) -> None:
    proposal, panelist = company.submitted(), signed_in(company.panelist)
    path = f"/admin/score/{proposal.pk}/"
    nameless = panelist.post(f"{path}recuse/", {"version": 0, "reason": " "}, follow=True)
    assert "Say why, such as a personal tie to an owner." in text(nameless)
    done = panelist.post(f"{path}recuse/", {"version": 0, "reason": "A friend's."}, follow=True)
    assert f"You recused yourself from “{proposal.title}”." in text(done)
    assert "1 of 1 done" in text(done)
    again = panelist.post(path, answers(company, 50, 25, version=1))
    assert again.status_code == 422
    assert "You recused yourself from this proposal, so you no longer score it." in text(again)


def test_where_a_proposal_stands_is_hidden_until_judged(company: Company) -> None:
    proposal = company.submitted("Blind")
    company.score(proposal, company.curator, 100, 100)
    company.rank()
    panelist = signed_in(company.panelist)
    for address in ("/", "/backlog/", "/runs/", "/backlog/charts/"):
        page = " ".join(text(panelist.get(address)).split())
        assert "Rankings open to you when your judgement is in." in page
    assert "In the backlog" not in text(panelist.get(f"/proposals/{proposal.pk}/"))
    assert panelist.get(f"/backlog/{proposal.pk}/").status_code == 404
    panelist.post(f"/admin/score/{proposal.pk}/", answers(company, 0, 0))
    assert "1. Blind" in text(panelist.get("/"))
    assert "In the backlog" in text(panelist.get(f"/proposals/{proposal.pk}/"))
    assert panelist.get(f"/backlog/{proposal.pk}/").status_code == 200


# ---------------------------------------------------------------- runs


def test_a_leader_comes_home_to_what_waits_inside_the_budget(company: Company) -> None:
    """250 k EUR take two of three; one of them is greenlit."""
    yes = company.scored("Yes", fit=100)
    company.scored("Open", fit=25)
    company.scored("Outside", fit=0)
    company.rank()
    Proposal.objects.filter(pk=yes.pk).update(status=Proposal.Status.GREENLIT)
    home = text(signed_in(company.leader).get("/"))
    assert "1 proposal inside the budget waits for a decision; it costs 100 k EUR." in home
    assert "1 greenlit so far; 150 k EUR of the budget is free." in home
    waiting = home[home.index("1 proposal inside") : home.index("Review 1 undecided")]
    assert ("2. Open" in waiting, "Yes" in waiting, "Outside" in waiting) == (True, False, False)
    listed = signed_in(company.leader).get("/backlog/?status=submitted&line=inside")
    assert ("1 of 3 shown" in text(listed), "Open" in text(listed)) == (True, True)


def test_a_run_is_asked_for_once_and_shows_its_progress(company: Company) -> None:
    company.scored("Alpha")
    leader = signed_in(company.leader)
    assert "No run yet." in text(leader.get("/runs/"))
    asked = leader.post("/runs/new/", follow=True)
    run = RankingRun.objects.get()
    assert asked.redirect_chain == [(f"/runs/{run.pk}/", 302)]
    assert "waiting for a worker" in text(asked)
    leader.post("/runs/new/")
    assert RankingRun.objects.count() == 1
    RankingRun.objects.filter(pk=run.pk).update(status="running", stage="Drawing", progress=40)
    part = leader.get(f"/runs/{run.pk}/", headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in text(part)) == (200, False)
    assert f"Run {run.pk}: drawing" in text(part)
    assert 'hx-trigger="every 1s"' in text(part)
    assert "40 %" in text(part)


def test_a_finished_run_reloads_the_page_that_waits(company: Company) -> None:
    company.scored("Alpha")
    run = company.rank()
    leader = signed_in(company.leader)
    part = leader.get(f"/runs/{run.pk}/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content, part.headers["HX-Refresh"]) == (204, b"", "true")
    page = text(leader.get(f"/runs/{run.pk}/"))
    assert run.result_digest in page
    assert run.input_digest in page
    assert "every 1s" not in page
    assert "current backlog" in text(leader.get("/runs/"))


def test_a_failed_run_says_why(company: Company) -> None:
    run = RankingRun.objects.create(
        cycle=company.cycle,
        framework_version=company.version,
        trigger="api",
        status="failed",
        seed=1,
        draws=1000,
        error="The worker ended three times.",
    )
    assert "The worker ended three times." in text(
        signed_in(company.marketing).get(f"/runs/{run.pk}/")
    )


def test_a_run_without_a_cycle_is_refused_in_words(company: Company) -> None:
    Cycle.objects.update(is_current=False)
    answer = signed_in(company.leader).post("/runs/new/", follow=True)
    assert "No cycle is current. Make one current first." in text(answer)
    assert not RankingRun.objects.exists()


# ---------------------------------------------------------------- decisions


@pytest.fixture
def proposal(company: Company) -> Proposal:
    return kept("ranked proposal to decide", partial(make_proposal, company))


def make_proposal(company: Company) -> Proposal:
    found = company.scored("Alpha", fit=100)
    company.rank()
    return found


def decision(**changed: Any) -> dict[str, Any]:
    return {
        "run": RankingRun.objects.latest("id").pk,
        "creation_key": str(uuid4()),
        "outcome": "greenlight",
        "reason": "It pays.",
    } | changed


def test_a_decision_is_recorded_once(company: Company, proposal: Proposal) -> None:
    leader, form = signed_in(company.leader), decision()
    for _ in range(2):
        answer = leader.post(f"/backlog/{proposal.pk}/decide/", form, follow=True)
        assert answer.redirect_chain == [(f"/proposals/{proposal.pk}/", 302)]
        assert "Greenlight recorded for “Alpha”. Both owners have the letter." in text(answer)
    assert Decision.objects.count() == 1
    note = text(signed_in(company.cx).get("/notifications/"))
    assert "“Alpha”: greenlight. Read the letter." in note


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"outcome": ""},
            "Decision: Choose greenlight, greenlight with conditions, hold or decline.",
        ),
        ({"reason": ""}, "Reason: Give the reason. The owners will read it."),
        ({"outcome": "conditional"}, "Say what must be true first, by when, and who sees to it."),
        ({"outcome": "decline"}, "Why not the ranking: This departs from the ranked order."),
        ({"run": "x"}, "The backlog was changed by someone else since you opened it."),
        ({"run": "999999"}, "The backlog was changed by someone else since you opened it."),
    ],
)
def test_a_wrong_decision_comes_back_whole(
    company: Company, proposal: Proposal, changed: dict[str, str], expected: str
) -> None:
    form = decision(reason="Typed with care") | changed
    answer = signed_in(company.leader).post(f"/backlog/{proposal.pk}/decide/", form)
    assert (answer.status_code, expected in text(answer)) == (422, True)
    assert form["creation_key"] in text(answer)
    assert form["reason"] in text(answer)
    assert not Decision.objects.exists()


def test_a_decision_on_an_older_backlog_is_refused(company: Company, proposal: Proposal) -> None:
    form = decision()
    company.rank()
    answer = signed_in(company.leader).post(f"/backlog/{proposal.pk}/decide/", form)
    assert answer.status_code == 422
    assert "The backlog was changed by someone else since you opened it." in text(answer)
    assert not Decision.objects.exists()


def test_before_deciding_one_reads_what_is_left_and_what_was_decided(
    company: Company,
) -> None:
    """250 k EUR, 150 k of it greenlit: a yes to 120 k more goes over by 20 k."""
    yes = company.scored("Yes", fit=100, money=company.money(cost=150_000))
    more = company.scored("More", fit=25, money=company.money(cost=120_000))
    company.rank()
    leader = signed_in(company.leader)
    page = text(leader.get(f"/backlog/{yes.pk}/decide/"))
    assert "No decision is recorded yet." in page
    assert "over the budget" not in page
    form = decision(reason="The best we have.")
    assert leader.post(f"/backlog/{yes.pk}/decide/", form).status_code == 302
    again = text(leader.get(f"/backlog/{yes.pk}/decide/"))
    assert "The best we have." in again[again.index("Decided so far") :]
    assert "over the budget" not in again
    other = text(leader.get(f"/backlog/{more.pk}/decide/"))
    assert "of 250 k EUR; 1 greenlit so far" in other
    assert "A yes would go 20.0 k EUR over the budget." in other


def test_an_owner_does_not_decide(company: Company) -> None:
    User.objects.filter(pk=company.marketing.pk).update(is_leader=True)
    proposal = company.scored("Alpha")
    company.rank()
    person = signed_in(User.objects.get(pk=company.marketing.pk))
    assert person.post(f"/backlog/{proposal.pk}/decide/", decision()).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_an_earlier_run_leads_on_to_the_comparison(company: Company) -> None:
    company.scored("One")
    earlier, current = company.rank(), company.rank()
    page = signed_in(company.leader).get(f"/runs/{earlier.pk}/").content.decode()
    assert f'href="/runs/compare/?a={earlier.pk}&amp;b={current.pk}"' in page
