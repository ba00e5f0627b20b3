"""Deciding on the current run: on one proposal, or on what is open together."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.people.requests import confirmed, signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import links_of
from projects.requests import number_from, whole_number
from scoring.backlog.selectors.backlog import certainty
from scoring.backlog.selectors.today import CycleToday, cycle_today
from scoring.backlog.views.backlog import shown_result
from scoring.decisions.forms import (
    ConditionFormSet,
    DecisionForm,
    RowForm,
    RowFormSet,
    TogetherForm,
)
from scoring.decisions.gates import unmet_gates
from scoring.decisions.models import Decision, PreparedDecision
from scoring.decisions.selectors import decisions_on, prepared_to_see, undecided
from scoring.decisions.services import (
    decide,
    decide_together,
    departs_from_ranking,
    draft_letter,
    why_two,
)
from scoring.portfolio.services import plan_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import current_run, is_open
from scoring.what_if.models import Scenario

MOST_AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision on one proposal of the current run."""
    user = signed_in(request)
    if not user.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    run, result = shown_result(request, pk)
    form = DecisionForm(request.POST or None, initial={"creation_key": uuid4()})
    given = request.POST if "conditions-TOTAL_FORMS" in request.POST else None
    rows = ConditionFormSet(given, prefix="conditions")
    letter = ""
    if request.method == "POST" and form.is_valid() and (given is None or rows.is_valid()):
        said = form.cleaned_data | {"conditions": [row.instance for row in _filled(rows)]}
        if "preview" in request.POST:
            letter = _previewed(user, result, said)
        elif made := _decided(request, user, result, said, form, rows):
            messages.success(request, told(made))
            return redirect("proposal", pk=pk)
    today, unmet = cycle_today(run), unmet_gates(result.proposal, run)
    return render(
        request,
        "scoring/decisions/decision.html",
        {
            "form": form,
            "rows": rows,
            "conditions_open": bool(_filled(rows))
            or form.data.get("outcome") == Decision.Outcome.CONDITIONAL,
            "letter": letter,
            "run": run,
            "result": result,
            "certainty": certainty(result.p_funded),
            "yes_departs": departs_from_ranking(result, "greenlight"),
            "today": today,
            "links": links_of(result.proposal, user),
            "unmet": unmet,
            "why_two": why_two(result, Decision.Outcome.GREENLIGHT, unmet),
            "waiting": prepared_to_see(user).filter(ended_at=None, proposal=pk).first(),
            "beyond": _beyond(result, today),
            "may_read_letters": True,
            "decisions": decisions_on(result.proposal).annotate(is_open=is_open(user)),
        },
        status=422 if form.errors or rows.total_error_count() else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def together(request: HttpRequest) -> HttpResponse:
    """Decide along the plan: what is still open, seen together, recorded at once or not at all."""
    user = signed_in(request)
    if not user.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    run = current_run(user)
    plan = plan_of(run.cycle_id, user) if run else None
    if run is None or plan is None:
        raise Http404
    waiting = undecided(run, user, plan.outcome["funded"])
    open_ones = list(waiting[:MOST_AT_ONCE])
    form, rows = _bound(request, plan, open_ones)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        made = _decided_together(request, user, open_ones, form, rows)
        if made is not None:
            messages.success(request, _counted(made))
            return redirect("plan")
    results = {result.proposal_id: result for result in open_ones}
    shown = {
        "run": run,
        "plan": plan,
        "form": form,
        "rows": rows,
        "listed": [(row, results.get(_number_of(row))) for row in rows.forms],
        "funded": set(plan.outcome["funded"]),
        "more": waiting.count() - len(open_ones),
        "today": cycle_today(run),
    }
    wrong = form.errors or rows.total_error_count()
    return render(request, "scoring/decisions/together.html", shown, status=422 if wrong else 200)


def _decided_together(
    request: HttpRequest,
    user: User,
    open_ones: list[RankedProposal],
    form: TogetherForm,
    rows: Any,
) -> list[Decision | PreparedDecision] | None:
    """What was decided or prepared, or None with what is wrong shown in ``form`` and ``rows``."""
    confirmed(request)
    chosen = [row for row in rows.forms if row.cleaned_data["outcome"]]
    named = {result.proposal_id: result.proposal for result in open_ones}
    reason = form.cleaned_data["reason"]
    try:
        decisions = [
            row.said() | {"proposal": _named(named, row.cleaned_data["proposal"]), "reason": reason}
            for row in chosen
        ]
        return decide_together(actor=user, run=_seen_run(request), decisions=decisions)
    except ValidationError as error:
        for path, texts in error.message_dict.items():
            place, _, name = path.partition(".")
            chosen[int(place)].add_error(name, texts)
    except (Conflict, StaleVersion) as error:
        form.add_error(None, str(error))
    return None


def told(made: Decision | PreparedDecision) -> str:
    """What became of one decision, for who took it or agreed to it."""
    if isinstance(made, PreparedDecision):
        return f"{made.why} The leaders of other functions were asked."
    return (
        f"{made.outcome_in_words} recorded for “{made.proposal.title}”. "
        "Both owners have the letter."
    )


def _counted(made: Sequence[Decision | PreparedDecision]) -> str:
    waiting = sum(isinstance(one, PreparedDecision) for one in made)
    done = len(made) - waiting
    found = []
    if done:
        many = "" if done == 1 else "s"
        found.append(f"{done} decision{many} recorded. The owners were told.")
    if waiting:
        found.append(f"{waiting} wait{'s' if waiting == 1 else ''} for a second leader.")
    return " ".join(found) or "Nothing was chosen."


def _decided(
    request: HttpRequest,
    user: User,
    result: RankedProposal,
    said: dict[str, Any],
    form: DecisionForm,
    rows: Any,
) -> Decision | PreparedDecision | None:
    """What was decided or prepared, or None with what is wrong shown in ``form`` and ``rows``."""
    confirmed(request)
    try:
        return decide(actor=user, proposal=result.proposal, run=_seen_run(request), **said)
    except ValidationError as error:
        _show(error, form, rows)
    except (Conflict, StaleVersion) as error:
        form.add_error(None, str(error))
    return None


def _filled(rows: Any) -> list[Any]:
    """The rows of conditions that say something."""
    return [row for row in rows.forms if row.has_changed()]


def _previewed(user: User, result: RankedProposal, said: dict[str, Any]) -> str:
    """The letter as it would be sent; what is not said yet stands as it is."""
    names = ("outcome", "reason", "conditions", "override_code", "hold_until")
    known = [row for row in said["conditions"] if row.owner is not None and row.due is not None]
    asked = {name: said[name] for name in names} | {"conditions": known}
    return draft_letter(actor=user, result=result, **asked)


def _show(error: ValidationError, form: DecisionForm, rows: Any) -> None:
    """Each message at its field; of a condition in its row, of none at all in the first one."""
    for path, texts in error.message_dict.items():
        head, _, rest = path.partition(".")
        place, _, name = rest.partition(".")
        if head == "conditions" and rows.is_bound:
            row = _filled(rows)[int(place)] if name else rows.forms[0]
            row.add_error(name or "text", texts)
        else:
            form.add_error(head if head in form.fields else None, texts)


def _bound(
    request: HttpRequest, plan: Scenario, open_ones: list[RankedProposal]
) -> tuple[TogetherForm, Any]:
    """The form and its rows: what the plan funds is greenlit, the rest stays open."""
    if request.method == "POST":
        return TogetherForm(request.POST), RowFormSet(request.POST)
    funded = set(plan.outcome["funded"])
    rows = [
        {
            "proposal": result.proposal_id,
            "outcome": Decision.Outcome.GREENLIGHT if result.proposal_id in funded else "",
            "creation_key": uuid4(),
        }
        for result in open_ones
    ]
    return TogetherForm(initial={"reason": f"As planned in “{plan}”."}), RowFormSet(initial=rows)


def _number_of(row: RowForm) -> int:
    """The proposal of a row, whether it was sent or is shown first."""
    return whole_number(str(row["proposal"].value()))


def _named(open_ones: dict[int, Proposal], pk: int) -> Proposal:
    if pk not in open_ones:
        raise Conflict("One of these is decided already. Reload the page.")
    return open_ones[pk]


def _beyond(result: RankedProposal, today: CycleToday) -> float:
    """The money by which a yes would overdraw the budget; 0 where it fits or is counted already."""
    if result.proposal.status in Proposal.SAID_YES or result.cost is None:
        return 0.0
    return max(result.cost - max(today.free, 0.0), 0.0)


def _seen_run(request: HttpRequest) -> RankingRun:
    """The run the leader looked at, which need not be the one that is current now."""
    seen = RankingRun.objects.filter(pk=number_from(request, "run")).first()
    if seen is None:
        raise StaleVersion("The backlog")
    return seen
