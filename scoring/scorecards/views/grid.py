"""Many proposals at once: a table to fill in, where one judges by comparing."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.requests import number_from, numbers_from
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.framework.selectors import criteria_to_judge, published_scales
from scoring.framework.views.curation import Refused, sentences
from scoring.panel.requests import panelist
from scoring.scorecards.selectors.begun import ABSTAIN, Begun, Choices, begun
from scoring.scorecards.selectors.cards import pending_for, to_judge
from scoring.scorecards.services import save_scorecard
from scoring.scorecards.views.panel import as_answers

PAGE = 25


@dataclass(slots=True)
class Line:
    """A proposal with what is chosen per criterion, and what was wrong with it."""

    proposal: Proposal
    number: int
    choices: Choices
    errors: list[str] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    user, version = panelist(request), published_scales()
    if version is None:
        return render(request, "scoring/scorecards/grid.html", {})
    criteria = criteria_to_judge(version, user)
    wrong: list[Line] = []
    if request.method == "POST":
        wrong = _take(request, user, version, criteria)
        if not wrong:
            return redirect(request.get_full_path())
    page = Paginator(pending_for(user, version), PAGE).get_page(request.GET.get("page"))
    typed = {line.proposal.pk: line for line in wrong}
    found = begun(user, list(page), version, criteria)
    lines = [
        typed.get(one.pk) or Line(one, found[one.pk].version, found[one.pk].choices) for one in page
    ]
    shown = {
        "version": version,
        "criteria": criteria,
        "page_obj": page,
        "rows": [(line, _cells(line, criteria)) for line in lines],
        "wrong": wrong,
    }
    return render(request, "scoring/scorecards/grid.html", shown, status=422 if wrong else 200)


def _take(
    request: HttpRequest, user: User, version: FrameworkVersion, criteria: list[Criterion]
) -> list[Line]:
    """Save each line that was changed, on its own; the lines that could not be."""
    submit = request.POST.get("act") == "submit"
    posted = to_judge(user).filter(pk__in=numbers_from(request, "proposal"))
    before = begun(user, posted, version, criteria)
    saved = sent = 0
    wrong = []
    for proposal in posted:
        was = before[proposal.pk]
        choices = _posted(request, proposal, criteria, was)
        complete = all(choices.get(row.pk, ("", ""))[0] for row in criteria)
        if not (submit and complete) and _same(choices, was.choices):
            continue
        line = Line(proposal, number_from(request, f"version-{proposal.pk}"), choices)
        try:
            save_scorecard(
                actor=user,
                proposal=proposal,
                answers=as_answers(choices),
                comment=was.comment,
                submit=submit and complete,
                expected_version=line.number,
            )
        except Refused as error:
            line.errors = sentences(error)
            wrong.append(line)
        except PermissionDenied as error:
            line.errors = [str(error)]
            wrong.append(line)
        else:
            saved, sent = saved + 1, sent + (submit and complete)
    _tell(request, saved, sent)
    return wrong


def _tell(request: HttpRequest, saved: int, sent: int) -> None:
    if sent:
        plural = "" if sent == 1 else "s"
        messages.success(request, f"{sent} scorecard{plural} submitted.")
    if saved > sent:
        messages.success(request, "Saved. Nobody sees it until you submit it.")


def _posted(
    request: HttpRequest, proposal: Proposal, criteria: list[Criterion], was: Begun
) -> Choices:
    """What was chosen in the line; what was not sent, and why one abstained, is as before."""
    choices = {}
    for row in criteria:
        before, reason = was.choices.get(row.pk, ("", ""))
        choices[row.pk] = request.POST.get(f"score-{proposal.pk}-{row.pk}", before), reason
    return choices


def _same(new: Choices, old: Choices) -> bool:
    return all(choice == old.get(pk, ("", ""))[0] for pk, (choice, _) in new.items())


def _cells(line: Line, criteria: list[Criterion]) -> list[dict[str, Any]]:
    cells = []
    for row in criteria:
        chosen, _ = line.choices.get(row.pk, ("", ""))
        cells.append(
            {
                "criterion": row,
                "levels": [(level, str(level.pk) == chosen) for level in row.levels.all()],
                "abstained": chosen == ABSTAIN,
            }
        )
    return cells
