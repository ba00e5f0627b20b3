"""Writing a proposal, one step at a time. Every step saves a draft."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseFormSet, BaseModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from projects.customers.models import Promise
from projects.cycles.selectors import open_cycle
from projects.errors import Conflict, StaleVersion
from projects.insights.selectors import current_insights
from projects.people.models import Function, User
from projects.people.requests import signed_in
from projects.proposals.forms import (
    AnswerFormSet,
    BasicsForm,
    ChangeForm,
    CommitmentFormSet,
    EffectFormSet,
    EffortFormSet,
    HorizonForm,
    MoneyFormSet,
    ProblemForm,
    RowsForm,
    answers_initial,
    commitments_initial,
    effects_initial,
    efforts_initial,
    figures_for,
    money_initial,
    rows_of,
)
from projects.proposals.models.fields import CustomField
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import (
    content_of,
    digest_of,
    fields_of,
    live_signatures,
    may_write,
    threads_on,
    visible_to,
    with_content,
)
from projects.proposals.services import (
    Both,
    Change,
    Collision,
    create_proposal,
    update_proposal,
)
from projects.proposals.services.access import require_draft
from projects.requests import number_from


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    name: str
    form: type[BaseModelForm[Any]]
    formset: type[BaseFormSet[Any]] | None = None
    rows: str = ""  # which list of the proposal the formset replaces
    prefix: str = ""
    parts: tuple[str, ...] = ()  # what is commented on there


STEPS = (
    Step("basics", "Title and owners", BasicsForm, parts=("",)),
    Step(
        "problem",
        "Problem and customer job",
        ProblemForm,
        parts=("problem", "customer_job"),
    ),
    Step(
        "change",
        "What changes, for whom",
        ChangeForm,
        EffectFormSet,
        rows="effects",
        prefix="effects",
        parts=("marketing_part", "cx_part", "effects"),
    ),
    Step(
        "money", "Money", HorizonForm, MoneyFormSet, rows="money", prefix="money", parts=("money",)
    ),
    Step(
        "people",
        "Who does it",
        RowsForm,
        EffortFormSet,
        rows="efforts",
        prefix="efforts",
        parts=("efforts",),
    ),
    Step(
        "success",
        "How success shows",
        RowsForm,
        CommitmentFormSet,
        rows="commitments",
        prefix="kpis",
        parts=("success",),
    ),
    # Only where the company asks more.
    Step(
        "more",
        "Further answers",
        RowsForm,
        AnswerFormSet,
        rows="answers",
        prefix="answers",
        parts=("answers",),
    ),
)
SUGGESTED = 50  # insights before anything is typed
KEEP = "keep-"  # before the path of a collision, in the name of its choice
INITIAL = {
    "effects": effects_initial,
    "money": money_initial,
    "efforts": efforts_initial,
    "commitments": commitments_initial,
    "answers": answers_initial,
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Begin a proposal with a title and the other owner."""
    user = signed_in(request)
    if user.function not in (Function.MARKETING, Function.CX):
        raise PermissionDenied("Marketing and CX start proposals. Your team is in neither.")
    cycle = open_cycle()
    form = BasicsForm(request.POST or None, user=user)
    key = request.POST.get("creation_key") or str(uuid4())
    if request.method == "POST" and cycle is not None and form.is_valid():
        try:
            proposal = create_proposal(
                actor=user,
                cycle=cycle,
                change=Change(fields=form.cleaned_data),
                creation_key=UUID(key),
            )
        except ValidationError as error:
            _show(form, None, error)
        except (Conflict, ValueError):
            form.add_error(None, "This form was sent before. Reload the page and try again.")
        else:
            return redirect("proposal-edit", pk=proposal.pk, step="problem")
    return render(
        request,
        "projects/proposals/start.html",
        {"form": form, "creation_key": key, "cycle": cycle},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a draft. A stale or wrong form comes back with everything that was typed."""
    user = signed_in(request)
    proposal = get_object_or_404(with_content(visible_to(user)), pk=pk)
    asked = fields_of(proposal)
    steps = steps_of(asked)
    current = next((item for item in steps if item.key == step), None)
    if current is None:
        raise Http404
    if not may_write(user, proposal):
        raise PermissionDenied("Only the owners and who writes along change a proposal.")
    try:
        require_draft(proposal)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("proposal", pk=proposal.pk)
    form, formset = _forms(request, user, proposal, current, asked)
    version = proposal.version
    collisions: list[dict[str, Any]] = []
    if request.method == "POST":
        version = number_from(request, "version")
        saved = _save(request, user, proposal, current, form, formset)
        if isinstance(saved, Proposal):
            return _gone_on(request, saved, current, steps, asked=version)
        collisions = saved
    invalid = bool(form.errors or (formset is not None and formset.is_bound))
    return render(
        request,
        f"projects/proposals/edit_{current.key}.html",
        {
            "proposal": proposal,
            "version": version,
            "steps": _ticked(proposal, steps, len(asked)),
            "step": current,
            "form": form,
            "formset": formset,
            "insights": current_insights()[:SUGGESTED] if step in ("change", "money") else (),
            "collisions": collisions,
            "threads": threads_on(proposal, user).filter(
                part__in=current.parts, resolved_at__isnull=True
            ),
            # A draft that somebody has signed is not changed by a key pressed by accident.
            "autosave": not live_signatures(proposal, digest_of(content_of(proposal))),
        },
        status=422 if invalid else 200,
    )


def steps_of(asked: Sized) -> tuple[Step, ...]:
    """The steps of a proposal of which so many custom fields are ``asked``."""
    return STEPS if asked else STEPS[:-1]


def _gone_on(
    request: HttpRequest, saved: Proposal, step: Step, steps: tuple[Step, ...], *, asked: int
) -> HttpResponse:
    """To the next step, or to stay; ``asked`` is the version that the form was read at."""
    if saved.version != asked + 1:
        messages.success(request, "Saved. What was changed meanwhile is kept too.")
    following = steps.index(step) + 1
    if "stay" in request.POST:
        messages.success(request, "Saved.")
        return redirect("proposal-edit", pk=saved.pk, step=step.key)
    if following < len(steps):
        return redirect("proposal-edit", pk=saved.pk, step=steps[following].key)
    return redirect("proposal", pk=saved.pk)


def _forms(
    request: HttpRequest,
    user: User,
    proposal: Proposal,
    step: Step,
    asked: Mapping[int, CustomField],
) -> tuple[BaseModelForm[Any], BaseFormSet[Any] | None]:
    extra: dict[str, Any] = {"user": user} if step.form is BasicsForm else {}
    data = request.POST if request.method == "POST" else None
    # A fresh copy: validating a ModelForm writes into its instance.
    instance = Proposal.objects.get(pk=proposal.pk)
    form = step.form(data, instance=instance, **extra)
    if step.formset is None:
        return form, None
    initial = None if data is not None else INITIAL[step.rows](proposal)
    given: dict[str, Any] = {}
    if step.rows == "money":
        given = {"figures": figures_for(proposal)}
    if step.rows == "answers":
        given = {"asked": asked}
    return form, step.formset(data, initial=initial, prefix=step.prefix, form_kwargs=given)


def _save(
    request: HttpRequest,
    user: User,
    proposal: Proposal,
    step: Step,
    form: BaseModelForm[Any],
    formset: BaseFormSet[Any] | None,
) -> Proposal | list[dict[str, Any]]:
    """The saved proposal; or what two people changed at once, empty where the form is wrong."""
    valid = form.is_valid()
    if formset is not None:
        valid = formset.is_valid() and valid
    if not valid:
        return []
    lists: dict[str, Any] = {step.rows: rows_of(formset)} if formset is not None else {}
    try:
        return update_proposal(
            actor=user,
            proposal=proposal,
            change=Change(fields=form.cleaned_data, **lists),
            expected_version=number_from(request, "version"),
            decided=_decided(request),
        )
    except ValidationError as error:
        _show(form, formset, error)
    except Collision as error:
        form.add_error(None, "Both of you changed the same. Choose whose it is, and save again.")
        return [_told(form, path, both) for path, both in error.fields.items()]
    except (Conflict, StaleVersion) as error:
        form.add_error(None, str(error))
    return []


def _decided(request: HttpRequest) -> dict[str, str]:
    """Path -> whose text it is, as chosen beside each collision."""
    return {
        name.removeprefix(KEEP): choice
        for name, choice in request.POST.items()
        if name.startswith(KEEP) and isinstance(choice, str)
    }


def _told(form: BaseModelForm[Any], path: str, both: Both) -> dict[str, Any]:
    """A collision in words: what each of the two wrote."""
    field = form.fields.get(path)
    label = str(field.label) if field is not None else path.partition(": ")[2]
    known = Promise if path == "promise" else User
    named = {choice.pk: str(choice) for choice in known.objects.filter(pk__in=_ids(path, both))}
    return {
        "name": f"{KEEP}{path}",
        "label": label,
        "mine": _in_words(both.mine, named),
        "theirs": _in_words(both.theirs, named),
    }


def _ids(path: str, both: Both) -> list[int]:
    named = path == "promise" or path.endswith("_owner")
    return [choice for choice in (both.mine, both.theirs) if choice] if named else []


def _in_words(value: Any, named: dict[int, str]) -> str:
    if value is None:
        return "removed"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {part}" for name, part in value.items() if part)
    return named.get(value, str(value)) if isinstance(value, int) else str(value) or "empty"


def _show(form: forms.BaseForm, formset: BaseFormSet[Any] | None, error: ValidationError) -> None:
    """Put a service's errors beside the fields they name; rows come as ``list.place.field``."""
    filled = [row for row in formset.forms if row.has_changed()] if formset is not None else []
    for path, texts in error.message_dict.items():
        _, _, place = path.partition(".")
        number, _, name = place.partition(".")
        if number.isdigit() and int(number) < len(filled):
            row = filled[int(number)]
            row.add_error(name if name in row.fields else None, texts)
        else:
            form.add_error(path if path in form.fields else None, texts)


def _ticked(proposal: Proposal, steps: tuple[Step, ...], asked: int) -> list[dict[str, Any]]:
    """The steps with what is still missing in each."""
    empty = {
        "problem": [proposal.problem, proposal.customer_job].count(""),
        "change": [proposal.marketing_part, proposal.cx_part].count("")
        + (not proposal.effects.all()),
        "money": int(not proposal.money.all()),
        "people": int(not proposal.efforts.all()),
        "success": int(not proposal.commitments.all()),
        "more": asked - len(proposal.answers.all()),
        "basics": 0,
    }
    return [{"key": step.key, "name": step.name, "missing": empty[step.key]} for step in steps]
