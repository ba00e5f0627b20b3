"""The curator's screens: one draft of the framework, edited part by part, published once."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.people.requests import confirmed, signed_in
from projects.requests import number_from
from scoring.framework.forms import CriterionForm, LevelFormSet, ParametersForm, levels_of
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import (
    comments_on,
    draft_version,
    judged_cycle,
    published_version,
    spec_of,
)
from scoring.framework.services import edits
from scoring.framework.services.ready import ready_frameworks, take_ready
from scoring.framework.services.versions import (
    discard_draft,
    publication_errors,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import DAYS, put_forward
from scoring.framework.services.writing import CHARTER
from scoring.panel.selectors import may_change_framework

Beside = Callable[[User, FrameworkVersion], dict[str, Any]]
Refused = (ValidationError, Conflict, StaleVersion)


def overview(request: HttpRequest, *, beside: Beside) -> HttpResponse:
    """The draft with its weights and rules. What stands ``beside`` it comes from above: the
    framework knows no run."""
    user = _curator(request)
    draft = draft_version()
    if draft is None:
        return render(
            request, "scoring/framework/framework_none.html", {"version": published_version()}
        )
    if draft.is_voted_on:
        return redirect("admin:framework-vote")
    typed = request.POST if request.method == "POST" else None
    parameters = ParametersForm(typed, instance=FrameworkVersion.objects.get(pk=draft.pk))
    number, errors = draft.version, list[str]()
    if typed is not None:
        number = number_from(request, "version")
        valid = parameters.is_valid()
        try:
            spec = _with_posted_weights(request, spec_of(draft))
            if valid:
                given = dict(parameters.cleaned_data)
                charter = {name: given.pop(name) for name in CHARTER}
                spec |= {"summary": given.pop("summary"), "charter": charter, "parameters": given}
                save_draft(actor=user, version=draft, spec=spec, expected_version=number)
                messages.success(request, "Draft saved.")
                return redirect("admin:framework")
        except Refused as error:
            errors = sentences(error)
    return render(
        request,
        "scoring/framework/framework_draft.html",
        {
            "draft": draft,
            "number": number,
            "parameters": parameters,
            "groups": _groups(draft, typed),
            "errors": errors,
            "blockers": publication_errors(draft),
            "is_first": published_version() is None,
            "days": DAYS,
            "comments": comments_on(draft).count(),
            "judged_cycle": judged_cycle(),
            "earlier": draft.ballots.exclude(choice="yes").select_related("member"),
            **beside(user, draft),
        },
        status=422 if errors or parameters.errors else 200,
    )


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    user = _curator(request)
    return _act(request, lambda: start_draft(actor=user), "admin:framework")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The frameworks to begin with."""
    _curator(request)
    shown = {"frameworks": ready_frameworks().values(), "draft": draft_version()}
    return render(request, "scoring/framework/ready.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def ready_one(request: HttpRequest, key: str) -> HttpResponse:
    """One of them, whole, before it is taken."""
    user, found = _curator(request), ready_frameworks().get(key)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, lambda: take_ready(actor=user, ready=found), "admin:framework")
    shown = {"ready": found, "draft": draft_version()}
    return render(request, "scoring/framework/ready_one.html", shown)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Put the first version of all in force; on every later one, ask the panel."""
    user, draft = _curator(request), open_draft()
    confirmed(request)
    is_first = published_version() is None

    def act() -> None:
        made = put_forward(
            actor=user,
            version=draft,
            expected_version=number_from(request, "version"),
            days=number_from(request, "days") if request.POST.get("days") else DAYS,
            at_once="at_once" in request.POST,
        )
        messages.success(
            request,
            f"{made} is in force. The next run ranks by it."
            if is_first
            else "The vote is open. Every member of the panel is told.",
        )

    return _act(request, act, "framework" if is_first else "admin:framework-vote")


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    user, draft = _curator(request), open_draft()

    def act() -> None:
        discard_draft(actor=user, version=draft, expected_version=number_from(request, "version"))
        messages.success(request, "The draft is discarded. The version in force is unchanged.")

    return _act(request, act, "admin:framework")


@require_POST
def dimension(request: HttpRequest) -> HttpResponse:
    """Add, rename or remove a dimension."""
    name, key = request.POST.get("name", "").strip(), request.POST.get("key", "")

    def edit(spec: edits.Spec) -> edits.Spec:
        if "remove" in request.POST:
            return edits.without_dimension(spec, key=key)
        if not name:
            raise ValidationError({"name": "Give the dimension a name."})
        return edits.with_dimension(spec, name=name, key=key)

    return _edit(request, edit)


@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: HttpRequest, key: str = "") -> HttpResponse:
    """One criterion of the draft with its levels or its value function."""
    user, draft = _curator(request), open_draft()
    spec = spec_of(draft)
    home, item = _find(spec, key, request.GET.get("dimension", ""))
    typed = request.POST if request.method == "POST" else None
    form = CriterionForm(typed, stored=item)
    stored = [
        level | {"value": f"{Decimal(level['value']).normalize():f}"}
        for level in item.get("levels", [])
    ]
    levels = LevelFormSet(typed, initial=None if typed else stored, prefix="levels")
    number = draft.version
    if typed is not None:
        number = number_from(request, "version")
        if form.is_valid() & levels.is_valid():
            changed = form.cleaned_data | {"levels": levels_of(levels) if form.is_judged() else []}
            try:
                save_draft(
                    actor=user,
                    version=draft,
                    spec=edits.with_criterion(
                        spec, dimension=home["key"], criterion=changed, key=key
                    ),
                    expected_version=number,
                )
            except Refused as error:
                for sentence in sentences(error):
                    form.add_error(None, sentence)
            else:
                messages.success(request, f"“{changed['name']}” is saved in the draft.")
                return redirect("admin:framework")
    return render(
        request,
        "scoring/framework/framework_criterion.html",
        {
            "draft": draft,
            "number": number,
            "form": form,
            "levels": levels,
            "key": key,
            "home": home,
        },
        status=422 if typed is not None else 200,
    )


@require_POST
def remove_criterion(request: HttpRequest, key: str) -> HttpResponse:
    return _edit(request, lambda spec: edits.without_criterion(spec, key=key))


def _curator(request: HttpRequest) -> User:
    user = signed_in(request)
    if not may_change_framework(user):
        raise PermissionDenied("Only the panel's chair changes the framework.")
    return user


def open_draft() -> FrameworkVersion:
    draft = draft_version()
    if draft is None:
        raise Http404
    return draft


def _edit(request: HttpRequest, edit: Callable[[edits.Spec], edits.Spec]) -> HttpResponse:
    user, draft = _curator(request), open_draft()

    def act() -> None:
        save_draft(
            actor=user,
            version=draft,
            spec=edit(spec_of(draft)),
            expected_version=number_from(request, "version"),
        )
        messages.success(request, "Draft saved.")

    return _act(request, act, "admin:framework")


def _act(request: HttpRequest, act: Callable[[], Any], then: str) -> HttpResponse:
    try:
        act()
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
        return redirect("admin:framework")
    return redirect(then)


def sentences(error: Exception) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def _find(spec: edits.Spec, key: str, dimension_key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dimension and criterion to edit; for a new one the named dimension and a blank."""
    for row in spec["dimensions"]:
        if not key and row["key"] == dimension_key:
            return row, {"source": "panel"}
        for item in row["criteria"]:
            if key and item["key"] == key:
                return row, item
    raise Http404


def _with_posted_weights(request: HttpRequest, spec: edits.Spec) -> edits.Spec:
    dimensions = {
        (profile, row["key"]): _weight(request, f"d-{profile}-{row['key']}")
        for row in spec["dimensions"]
        for profile in row["weights"]
    }
    criteria = {
        item["key"]: _weight(request, f"c-{item['key']}")
        for row in spec["dimensions"]
        for item in row["criteria"]
    }
    return edits.with_weights(
        spec, dimensions=dimensions, criteria=criteria, normalise="normalise" in request.POST
    )


def _weight(request: HttpRequest, name: str) -> Decimal:
    text = request.POST.get(name, "").strip().replace(",", ".") or "0"
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValidationError({"weights": f"“{text}” is not a weight. Use digits."}) from None


def _groups(draft: FrameworkVersion, typed: Any) -> list[dict[str, Any]]:
    """Dimensions with their weight inputs; what was typed wins over what is stored."""

    def shown(name: str, stored: Decimal) -> str:
        return typed.get(name, "") if typed is not None else f"{stored.normalize():f}"

    profiles = list(draft.profiles.all())
    groups = []
    for row in draft.dimensions.all():
        stored = {weight.profile_id: weight.weight for weight in row.weights.all()}
        groups.append(
            {
                "dimension": row,
                "weights": [
                    {
                        "profile": profile,
                        "name": (name := f"d-{profile.key}-{row.key}"),
                        "value": shown(name, stored[profile.pk]),
                    }
                    for profile in profiles
                ],
                "criteria": [
                    {
                        "criterion": item,
                        "name": (name := f"c-{item.key}"),
                        "value": shown(name, item.weight),
                    }
                    for item in row.criteria.all()
                ],
            }
        )
    return groups
