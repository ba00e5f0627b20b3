"""Two signed texts of a proposal side by side: words that went and came, numbers then and now."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.revisions import Revision
from projects.proposals.selectors import readable_revisions, visible_to
from projects.proposals.wording import Part, changed_words
from scoring.backlog.services.run_changes import Setting, number_changes

WORDS = {
    "title": "Title",
    "problem": "Problem",
    "customer_job": "Customer job",
    "marketing_part": "Marketing part",
    "cx_part": "CX part",
}
OWNERS = ("marketing_owner", "cx_owner")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    parts: list[Part]


@require_safe
@login_required
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """The last two, unless others are chosen."""
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    texts = {str(row.number): row for row in readable_revisions(user, proposal)}
    shown = {"proposal": proposal, "revisions": list(texts.values())}
    if len(texts) > 1:
        *_, then, now = texts.values()
        before = texts.get(request.GET.get("from", ""), then)
        after = texts.get(request.GET.get("to", ""), now)
        shown |= {
            "before": before,
            "after": after,
            "fields": _fields(before, after),
            "settings": [*_owners(before, after), *number_changes(before.content, after.content)],
        }
    return render(request, "scoring/backlog/revisions.html", shown)


def _fields(before: Revision, after: Revision) -> list[Field]:
    """The fields whose words differ."""
    found = []
    for name, label in WORDS.items():
        then, now = (side.content[name].replace("\r\n", "\n") for side in (before, after))
        if then != now:
            found.append(Field(label, changed_words(then, now)))
    return found


def _owners(before: Revision, after: Revision) -> list[Setting]:
    people = User.objects.in_bulk(
        {side.content[name] for name in OWNERS for side in (before, after)}
    )
    return [
        Setting(name, str(people[then]), str(people[now]))
        for name, then, now in (
            ("Marketing owner", *(side.content["marketing_owner"] for side in (before, after))),
            ("CX owner", *(side.content["cx_owner"] for side in (before, after))),
        )
        if then != now
    ]
