"""The list of proposals and the acts on one: sign, submit, take back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.csv_files import csv_file
from projects.errors import Conflict, StaleVersion
from projects.people.requests import signed_in
from projects.proposals.filters import ProposalFilter
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.proposals import Proposal
from projects.proposals.overlap import MOST, overlaps_of, overlaps_within
from projects.proposals.selectors import recently_submitted, solo_count, visible_to, with_owners
from projects.proposals.services import (
    copy_proposal,
    recall_proposal,
    sign_proposal,
    submit_proposal,
    take_up_again,
    withdraw_proposal,
)
from projects.requests import number_from

PAGE = 50
CLOSEST = 5  # proposals that are named beside one


@require_safe
@login_required
def proposals(request: HttpRequest) -> HttpResponse:
    listed = with_owners(recently_submitted(visible_to(signed_in(request))))
    chosen = ProposalFilter(request.GET, queryset=listed, request=request)
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    asked = list(CustomField.objects.all())
    shown = {
        "solo": solo_count(),
        "filter": chosen,
        "page_obj": page,
        "has_fields": asked,
        "options": [
            (f"{field.key}:{option}", f"{field}: {option}")
            for field in asked
            for option in field.options
        ],
    }
    return render(request, "projects/proposals/proposals.html", shown)


@require_safe
@login_required
def answers_file(request: HttpRequest) -> HttpResponse:
    """What the proposals that one can see answer beside, as CSV that an import takes again."""
    fields = list(CustomField.objects.all())
    given: dict[int, dict[int, str]] = {}
    listed = visible_to(signed_in(request)).order_by("pk")
    for answer in FieldValue.objects.filter(proposal__in=listed.values("pk")):
        given.setdefault(answer.proposal_id, {})[answer.field_id] = answer.value
    rows = [
        [reference, title, *(given.get(pk, {}).get(field.pk, "") for field in fields)]
        for pk, reference, title in listed.values_list("pk", "reference", "title")
    ]
    return csv_file("answers", ["reference", "title", *(f"answer_{f.key}" for f in fields)], rows)


@require_safe
@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The closest of its cycle, as a part of a page."""
    proposal, user = _visible(request, pk), signed_in(request)
    closest = overlaps_of(proposal, visible_to(user).filter(cycle=proposal.cycle_id))[:CLOSEST]
    named = Proposal.objects.in_bulk([pair.other for pair in closest])
    pairs = [(named[pair.other], pair.reasons) for pair in closest]
    shown = {"proposal": proposal, "overlaps": pairs}
    return render(request, "projects/proposals/_close.html", shown)


@require_safe
@login_required
def overlaps(request: HttpRequest) -> HttpResponse:
    """Pairs of the current cycle that say nearly the same."""
    listed = recently_submitted(visible_to(signed_in(request)).filter(cycle__is_current=True))
    pairs = overlaps_within(listed)
    page = Paginator(pairs, PAGE).get_page(request.GET.get("page"))
    named = with_owners(Proposal.objects.all()).in_bulk(
        {pk for pair in page for pk in (pair.one, pair.other)}
    )
    shown = {
        "page_obj": page,
        "pairs": [(named[pair.one], named[pair.other], pair.reasons) for pair in page],
        "most": MOST if listed.count() > MOST else 0,
    }
    return render(request, "projects/proposals/overlaps.html", shown)


@require_POST
@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _visible(request, pk)

    def act() -> str:
        sign_proposal(
            actor=signed_in(request), proposal=proposal, digest=request.POST.get("digest", "")
        )
        return "You signed this text. Any change to it will void your signature."

    return _done(request, proposal, act)


@require_POST
@login_required
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _visible(request, pk)

    def act() -> str:
        submit_proposal(
            actor=signed_in(request),
            proposal=proposal,
            expected_version=number_from(request, "version"),
        )
        return "The proposal is with the panel now."

    return _done(request, proposal, act)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _visible(request, pk)

    def act() -> str:
        withdraw_proposal(
            actor=signed_in(request),
            proposal=proposal,
            reason=request.POST.get("reason", ""),
            expected_version=number_from(request, "version"),
        )
        return "The proposal is withdrawn. Its two teams keep it, and may take it up again."

    return _done(request, proposal, act)


@require_POST
@login_required
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _visible(request, pk)

    def act() -> str:
        take_up_again(
            actor=signed_in(request),
            proposal=proposal,
            expected_version=number_from(request, "version"),
        )
        return "The proposal is a draft again."

    return _done(request, proposal, act)


@require_POST
@login_required
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _visible(request, pk)

    def act() -> str:
        recall_proposal(
            actor=signed_in(request),
            proposal=proposal,
            expected_version=number_from(request, "version"),
        )
        return "The proposal is a draft again. Both signatures are void."

    return _done(request, proposal, act)


@require_POST
@login_required
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Start again from this proposal; goes on to the new draft."""
    proposal = shown = _visible(request, pk)

    def act() -> str:
        nonlocal shown
        try:
            key = UUID(request.POST.get("creation_key", ""))
        except ValueError:
            raise Conflict("Reload the page and copy the proposal again.") from None
        shown = copy_proposal(actor=signed_in(request), proposal=proposal, creation_key=key)
        return f"This draft begins with the text of {proposal.reference}. Both owners sign anew."

    _carry_out(request, act)
    return redirect("proposal", pk=shown.pk)


def _visible(request: HttpRequest, pk: int) -> Proposal:
    return get_object_or_404(visible_to(signed_in(request)), pk=pk)


def _done(request: HttpRequest, proposal: Proposal, act: Callable[[], str]) -> HttpResponse:
    """Carry out one act and go back to the proposal."""
    _carry_out(request, act)
    return redirect("proposal", pk=proposal.pk)


def _carry_out(request: HttpRequest, act: Callable[[], str]) -> None:
    """Say what happened, or why it did not."""
    try:
        messages.success(request, act())
    except (Conflict, StaleVersion) as error:
        messages.error(request, str(error))
    except ValidationError as error:
        for text in _texts(error):
            messages.error(request, text)


def _texts(error: ValidationError) -> list[Any]:
    return error.messages
