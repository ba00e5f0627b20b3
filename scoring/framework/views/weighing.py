"""The panel's weights: each member's own, one group at a time, then everybody's beside them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.people.requests import signed_in
from projects.requests import number_from
from scoring.framework.models import WeightOpinion
from scoring.framework.selectors import draft_version
from scoring.framework.services.opinions import (
    EACH,
    ask_for_weights,
    give_opinion,
    groups_of,
    may_take_over,
    open_group,
    seen_by,
    shown_rows,
    spread_in,
    take_over,
)
from scoring.framework.services.weighing import (
    MOST_TIMES,
    Item,
    Weighed,
    methods_for,
    pairs_of,
    weigh,
)
from scoring.framework.views.curation import Refused, open_draft, sentences
from scoring.panel.selectors import is_panelist, may_see_drafts, members

Method = WeightOpinion.Method
WORDS = {3: "somewhat more", 5: "clearly more", 7: "much more", 9: "far more"}
HOW = {
    Method.DIRECT: "Move the sliders; together they stay at 100 %.",
    Method.SWING: "Picture a proposal that is worst at everything. Give 100 points to the step "
    "from worst to best that you would take first, and to each other step its part of that.",
    Method.RANK: "Give 1 to the most important. Equal ranks are fine.",
    Method.PAIRWISE: "Compare two at a time. You may leave pairs open, as long as the others link "
    "everything.",
    Method.BEST_WORST: "Name the most and the least important, then say how many times as "
    "important the one is as each other, and each other as the last.",
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What there is to weigh; the others' weights where one's own are in."""
    user, draft = signed_in(request), draft_version()
    if not may_see_drafts(user):
        raise PermissionDenied("Only the panel sees the weights that its members give.")
    groups = groups_of(draft) if draft is not None else []
    shown = [
        {
            "group": group,
            "own": group.own(user),
            "rows": shown_rows(group, user) if seen_by(user, group) else [],
        }
        for group in groups
    ]
    return render(
        request,
        "scoring/framework/weights.html",
        {
            "draft": draft,
            "groups": shown,
            "member": is_panelist(user),
            "given": any(group.opinions for group in groups),
            "all_pooled": all(group.pooled for group in groups if group.opinions),
            "may_take": may_take_over(user, groups),
            "spread": spread_in(draft, groups)
            if draft is not None and all(seen_by(user, group) for group in groups)
            else None,
            "seats": len(members()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def weigh_group(request: HttpRequest, key: str = "") -> HttpResponse:
    """Answer by one of the methods, look at what comes out of it, then give it."""
    user, draft = signed_in(request), open_draft()
    try:
        group = open_group(actor=user, version=draft, group=key)
    except Refused as error:
        return _refused(request, error)
    if group.own(user) is not None:
        messages.info(request, f"Your weights of “{group.name}” are in. They stay.")
        return redirect("admin:framework-weights")
    asked = request.POST if request.method == "POST" else request.GET
    method = asked.get("method", Method.DIRECT)
    known = methods_for(group.items)
    if method not in known:
        raise Http404
    errors, weighed = list[str](), None
    if request.method == "POST":
        answers = _answers(method, group.items, request.POST)
        try:
            weighed = weigh(method, group.items, answers)
            if "give" in request.POST:
                give_opinion(actor=user, version=draft, group=key, method=method, answers=answers)
                messages.success(request, f"Your weights of “{group.name}” are in.")
                return redirect("admin:framework-weights")
        except Refused as error:
            errors = sentences(error)
    shown = {
        "draft": draft,
        "group": group,
        "method": method,
        "methods": [(name, Method(name).label) for name in known],
        "how": HOW[Method(method)],
        "errors": errors,
        "found": _named(group.items, weighed) if weighed else [],
        "weighed": weighed,
        **_inputs(method, group.items, request.POST),
    }
    return render(request, "scoring/framework/weigh.html", shown, status=422 if errors else 200)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    user, draft = signed_in(request), open_draft()
    try:
        ask_for_weights(actor=user, version=draft, expected_version=number_from(request, "version"))
    except Refused as error:
        return _refused(request, error)
    messages.success(request, "Every member of the panel is asked for their weights.")
    return redirect("admin:framework-weights")


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    user, draft = signed_in(request), open_draft()
    try:
        take_over(
            actor=user,
            version=draft,
            expected_version=number_from(request, "version"),
            how=request.POST.get("how", EACH),
        )
    except Refused as error:
        return _refused(request, error)
    messages.success(request, "What the panel says is in the draft.")
    return redirect("admin:framework")


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    for sentence in sentences(error):
        messages.error(request, sentence)
    return redirect("admin:framework-weights")


def _named(items: list[Item], weighed: Weighed) -> list[tuple[Item, float]]:
    """Each item with its weight in per cent."""
    return [(item, 100 * weight) for item, weight in zip(items, weighed.weights, strict=True)]


def _answers(method: str, items: list[Item], typed: QueryDict) -> dict[str, Any]:
    if method == Method.PAIRWISE:
        return {key: typed[key] for key, _, _ in pairs_of(items) if typed.get(key)}
    if method == Method.BEST_WORST:
        return {
            "best": typed.get("best"),
            "worst": typed.get("worst"),
            "over": {item.key: typed.get(f"over-{item.key}", "") for item in items},
            "under": {item.key: typed.get(f"under-{item.key}", "") for item in items},
        }
    return {item.key: typed.get(f"item-{item.key}", "") for item in items}


def _inputs(method: str, items: list[Item], typed: QueryDict) -> dict[str, Any]:
    """What the form of a method asks, with what was typed."""
    if method == Method.PAIRWISE:
        return {
            "pairs": [
                (key, one, other, _times(one, other), typed.get(key, ""))
                for key, one, other in pairs_of(items)
            ]
        }
    if method == Method.BEST_WORST:
        return {
            "best": typed.get("best", ""),
            "worst": typed.get("worst", ""),
            "lines": [
                (item, typed.get(f"over-{item.key}", ""), typed.get(f"under-{item.key}", ""))
                for item in items
            ],
        }
    default = {Method.DIRECT: f"{100 / len(items):.2f}"}.get(Method(method), "")
    return {
        "lines": [(item, typed.get(f"item-{item.key}", default)) for item in items],
        "count": len(items),
    }


def _times(one: Item, other: Item) -> list[tuple[str, str]]:
    """What can be said of a pair, from the first far ahead to the second: (value, words)."""
    said = [(1, "Both equally")]
    for times in range(2, MOST_TIMES + 1):
        words = f" {times} times" + (f" ({WORDS[times]})" if times in WORDS else "")
        said = [(times, one.name + words), *said, (-times, other.name + words)]
    return [(str(value), words) for value, words in said]
