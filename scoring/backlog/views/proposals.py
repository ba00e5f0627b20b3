"""One proposal: its text, its two keys, and where it stands. Joins intake and panel."""

from collections import Counter
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.cycles.selectors import open_cycle
from projects.people.models import Function, User
from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import (
    authors_among,
    content_of,
    digest_of,
    gaps,
    links_of,
    live_signatures,
    may_resolve,
    may_write,
    missing_for_submission,
    owner_function,
    threads_on,
    visible_to,
    with_content,
)
from scoring.backlog.selectors.backlog import certainty, results_of
from scoring.backlog.selectors.waiting import waiting_for
from scoring.forecast.sums import preview
from scoring.framework.selectors import published_version, unmet_answers
from scoring.panel.selectors import is_conflicted, is_panelist
from scoring.ranking.models import RankedProposal
from scoring.ranking.selectors.runs import current_run, is_open
from scoring.scorecards.selectors.cards import submitted_count


@require_safe
@login_required
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    shown = get_object_or_404(with_content(visible_to(user)), pk=pk)
    digest = digest_of(content_of(shown))
    signatures = live_signatures(shown, digest)
    missing = missing_for_submission(shown) if shown.is_draft else []
    mine = owner_function(shown, user)
    run = current_run(user)
    result = results_of(run).filter(proposal=shown).first() if run else None
    version = published_version()
    threads = list(threads_on(shown, user))
    decisions = _decisions(shown, user)
    links = links_of(shown, user)
    return render(
        request,
        "scoring/backlog/proposal.html",
        {
            "proposal": shown,
            "digest": digest,
            "keys": _keys(shown, signatures, mine, ready=shown.is_draft and not missing),
            "missing": missing,
            "gaps": gaps(shown),
            "may_submit": mine
            and shown.is_draft
            and not missing
            and len(signatures) == len(Proposal.KEYS),
            "copy_key": uuid4(),
            "result": result,
            "certainty": certainty(result.p_funded) if result else "",
            "run": run,
            "where": _where(shown, result),
            "waiting": waiting_for(
                shown,
                signed=signatures,
                missing=missing,
                threads=threads,
                conditions=list(decisions[0].conditions.all()) if decisions else [],
                links=[link for _, _, link in links],
            ),
            "figures": preview(shown, version) if version else None,
            "unanswered": unmet_answers(version, shown) if version else [],
            "is_greenlit": shown.status in Proposal.SAID_YES,
            "threads": [(thread, may_resolve(user, thread)) for thread in threads],
            "talked_about": Counter(one.part for one in threads if one.resolved_at is None),
            "links": links,
            "decisions": decisions,
        }
        | _descent(shown, user)
        | _rights(shown, user, mine=bool(mine)),
    )


def _descent(proposal: Proposal, user: User) -> dict[str, Any]:
    """Where its text comes from and went to, who writes it along, and what it said when signed."""
    readable = visible_to(user)
    return {
        "origin": readable.filter(copies=proposal).first(),
        "copies": readable.filter(copied_from=proposal).order_by("pk"),
        "authors": authors_among(user).filter(proposal=proposal),
        "revisions": proposal.revisions.prefetch_related("signatures__signer").order_by("-number"),
    }


def _decisions(proposal: Proposal, user: User) -> list[Any]:
    """What was decided on it, the newest first; ``is_open``: whether where it stood may show."""
    found = proposal.decisions.select_related("decided_by", "seconded_by", "run")
    kept = found.prefetch_related("conditions__owner", "conditions__met_by")
    return list(kept.annotate(is_open=is_open(user)))


@require_safe
@login_required
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """What the saved numbers of a draft say so far, as a part of a page."""
    shown = get_object_or_404(with_content(visible_to(signed_in(request))), pk=pk)
    version = published_version()
    return render(
        request,
        "scoring/backlog/_figures.html",
        {
            "figures": preview(shown, version) if version else None,
            "currency": shown.cycle.currency,
            "gaps": gaps(shown),
        },
    )


def _rights(proposal: Proposal, user: User, *, mine: bool) -> dict[str, bool]:
    """What the person may do with the proposal as it stands, beside signing and submitting."""
    status = proposal.status
    submitted = status == Proposal.Status.SUBMITTED
    return {
        "is_mine": mine,
        "may_edit": proposal.is_draft and may_write(user, proposal),
        "may_invite": mine or user.is_superuser,
        "may_copy": mine and not proposal.is_draft and open_cycle() is not None,
        "may_recall": mine and submitted,
        "may_withdraw": mine and status in Proposal.NOT_DECIDED,
        "may_take_up": mine and status == Proposal.Status.WITHDRAWN,
        "may_link": mine or user.is_superuser,
        "may_read_letters": mine or user.is_leader or user.is_superuser,
        "may_score": submitted and is_panelist(user) and not is_conflicted(user, proposal),
    }


def _keys(
    proposal: Proposal, signatures: dict[str, Any], mine: str, *, ready: bool
) -> list[dict[str, Any]]:
    return [
        {
            "function": function.value,
            "label": function.label,
            "owner": owner,
            "signature": signatures.get(function),
            "may_sign": ready and mine == function and function not in signatures,
        }
        for function, owner in (
            (Function.MARKETING, proposal.marketing_owner),
            (Function.CX, proposal.cx_owner),
        )
    ]


def _where(proposal: Proposal, result: RankedProposal | None) -> list[dict[str, Any]]:
    """The way of a proposal as steps with a word each; the current one is the first not done."""
    submitted = proposal.status not in Proposal.PRIVATE
    count = submitted_count(proposal) if submitted else 0
    decided = submitted and proposal.status != Proposal.Status.SUBMITTED
    ranked = "Not ranked yet"
    if result is not None:
        ranked = f"Rank {result.rank}" if result.rank else "Incomplete"
    steps = [
        ("Written and signed", submitted, "" if submitted else "Both owners sign the same text"),
        ("Submitted", submitted, ""),
        (
            "Scored",
            count > 0,
            f"{count} panelist{'' if count == 1 else 's'}" if count else "No scorecard yet",
        ),
        ("Ranked", result is not None, ranked),
        ("Decided", decided, proposal.get_status_display() if decided else "Open"),
    ]
    return [{"name": name, "done": done, "hint": hint} for name, done, hint in steps]
