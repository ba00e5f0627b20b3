"""The panelist's screens: one proposal to judge, and stepping back from it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to, with_content
from projects.requests import number_from
from scoring.forecast.sums import preview
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.framework.selectors import criteria_to_judge, judged_criteria, published_version
from scoring.framework.views.curation import Refused, sentences
from scoring.panel.selectors import CONFLICTED, is_conflicted, is_panelist
from scoring.scorecards.models import Question, Score, Scorecard
from scoring.scorecards.selectors import cards as reads
from scoring.scorecards.selectors.assignments import NOT_YOURS, is_asked
from scoring.scorecards.selectors.begun import ABSTAIN, Choices, begun
from scoring.scorecards.selectors.said import open_questions, panel_said
from scoring.scorecards.services import Answer, answer, ask, recuse, save_scorecard

SHOWN = 50  # lines of the queue: more than anybody works through at a sitting


def queue(request: HttpRequest, *, registers: list[dict[str, Any]]) -> HttpResponse:
    """The first page of the admin: what waits for this panelist, and the registers."""
    user, version = signed_in(request), published_version()
    context: dict[str, Any] = {"version": version, "app_list": registers}
    if version is not None and is_panelist(user):
        own = Scorecard.objects.filter(panelist=user, framework_version=version)
        context |= {
            "progress": reads.queue_progress(user, version),
            "questions": list(open_questions(user)),
            "pending": list(reads.pending_for(user, version)[:SHOWN]),
            "started": set(
                own.filter(status=Scorecard.Status.DRAFT).values_list("proposal_id", flat=True)
            ),
            "finished": list(
                reads.latest(own)
                .filter(status__in=reads.DONE, proposal__status=Proposal.Status.SUBMITTED)
                .select_related("proposal")
                .order_by("-submitted_at", "-id")[:SHOWN]
            ),
        }
    return render(request, "scoring/scorecards/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    proposal, version = _to_judge(user, pk)
    criteria = criteria_to_judge(version, user)
    own = begun(user, [proposal], version, criteria)[proposal.pk]
    answers, comment, number = own.choices, own.comment, own.version
    change_reason = ""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        answers, comment = _posted(request, criteria), request.POST.get("comment", "")
        change_reason = request.POST.get("change_reason", "")
        number = number_from(request, "version")
        submit = request.POST.get("act") == "submit"
        try:
            save_scorecard(
                actor=user,
                proposal=proposal,
                answers=as_answers(answers),
                comment=comment,
                change_reason=change_reason,
                submit=submit,
                expected_version=number,
            )
        except ValidationError as error:
            errors = error.message_dict
        except (Conflict, StaleVersion) as error:
            errors = {"": [str(error)]}
        else:
            return _next(request, user, proposal, version, submit=submit)
    return render(
        request,
        "scoring/scorecards/score.html",
        {
            "proposal": proposal,
            "version": version,
            "scorecard": own.card,
            "number": number,
            "comment": comment,
            "change_reason": change_reason,
            "criteria": [_to_draw(item, answers, errors) for item in criteria],
            "errors": errors,
            "progress": reads.queue_progress(user, version),
            "habit": reads.habit_of(user),
            "figures": preview(proposal, version),
            "judged_before": reads.judged_before(user, proposal),
            "panel": panel_said(user, proposal, judged_criteria(version)),
        },
        status=422 if errors else 200,
    )


@require_POST
def step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Recuse oneself from judging this proposal."""
    user = signed_in(request)
    proposal, version = _to_judge(user, pk)
    try:
        recuse(
            actor=user,
            proposal=proposal,
            reason=request.POST.get("reason", ""),
            expected_version=number_from(request, "version"),
        )
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("admin:score", pk=pk)
    except (Conflict, StaleVersion) as error:
        messages.error(request, str(error))
        return redirect("admin:score", pk=pk)
    messages.success(request, f"You recused yourself from “{proposal.title}”.")
    return _following(user, version)


@require_POST
def ask_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a colleague about a score."""
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    cards = reads.visible_to(user).filter(proposal=proposal)
    score = get_object_or_404(Score, pk=number_from(request, "score"), scorecard__in=cards)
    text = request.POST.get("text", "")
    return _said(request, pk, lambda: ask(actor=user, score=score, text=text))


@require_POST
def answer_question(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    user = signed_in(request)
    cards = reads.visible_to(user).filter(proposal=pk, panelist=user)
    asked = get_object_or_404(Question, pk=question, score__scorecard__in=cards)
    text = request.POST.get("text", "")
    return _said(request, pk, lambda: answer(actor=user, question=asked, text=text))


def _said(request: HttpRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Say it, or why not, and look at what the panel said."""
    try:
        act()
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
    return redirect(reverse("admin:score", args=[pk]) + "#others")


def _to_judge(user: User, pk: int) -> tuple[Proposal, FrameworkVersion]:
    proposal = get_object_or_404(with_content(visible_to(user)), pk=pk)
    if not is_panelist(user):
        raise PermissionDenied("Only members of the panel score proposals.")
    if is_conflicted(user, proposal):
        raise PermissionDenied(CONFLICTED)
    if not is_asked(user, proposal):
        raise PermissionDenied(NOT_YOURS)
    version = published_version()
    if version is None or proposal.status != Proposal.Status.SUBMITTED:
        raise PermissionDenied("Only a submitted proposal without a decision is scored.")
    return proposal, version


def _posted(request: HttpRequest, criteria: list[Criterion]) -> Choices:
    return {
        item.pk: (
            request.POST.get(f"criterion-{item.pk}", ""),
            request.POST.get(f"reason-{item.pk}", ""),
        )
        for item in criteria
    }


def as_answers(choices: Choices) -> dict[int, Answer]:
    """What was chosen, as the service takes it; a reason counts only beside an abstention."""
    given = {}
    for pk, (choice, reason) in choices.items():
        if choice == ABSTAIN:
            given[pk] = Answer(abstention_reason=reason)
        elif choice.isascii() and choice.isdigit():
            given[pk] = Answer(level=int(choice))
    return given


def _to_draw(
    criterion: Criterion, answers: Choices, errors: dict[str, list[str]]
) -> dict[str, Any]:
    choice, reason = answers.get(criterion.pk, ("", ""))
    levels = list(criterion.levels.all())
    return {
        "criterion": criterion,
        "levels": [
            {"level": level, "key": number, "chosen": str(level.pk) == choice}
            for number, level in enumerate(levels, start=1)
        ],
        "abstained": choice == ABSTAIN,
        "reason": reason,
        "errors": errors.get(criterion.key, []),
    }


def _next(
    request: HttpRequest,
    user: User,
    proposal: Proposal,
    version: FrameworkVersion,
    *,
    submit: bool,
) -> HttpResponse:
    if not submit:
        messages.success(request, "Saved. Nobody sees it until you submit it.")
        return redirect("admin:score", pk=proposal.pk)
    messages.success(request, f"Your scorecard on “{proposal.title}” is in.")
    return _following(user, version)


def _following(user: User, version: FrameworkVersion) -> HttpResponse:
    following = reads.pending_for(user, version).first()
    if following is None:
        return redirect("admin:index")
    return redirect("admin:score", pk=following.pk)
