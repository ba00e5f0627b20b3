"""New figures of a segment, and who is asked whether a proposal should rest on them."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.audit.services import record
from projects.customers.models import Segment, SegmentFigure
from projects.customers.selectors import newest_figures, require_keeper
from projects.cycles.models import Cycle
from projects.people.models import User
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.services.telling import tell_owners

# What figures say; those that say the same are kept once.
SAYS = (
    "segment",
    "as_of",
    "customers",
    "margin",
    "retention",
    "acquisition_cost",
    "currency",
    "source",
)


def record_figures(*, actor: User, figures: Sequence[SegmentFigure]) -> list[SegmentFigure]:
    """Keep figures for good, all or none; a segment that is not there yet is made.

    Proposals stay as they are. The owners of those in the current cycle that rest on older figures
    of these segments are asked to look.
    """
    require_keeper(actor)
    cycle = Cycle.objects.filter(is_current=True).first()
    with transaction.atomic():
        kept = [_kept(actor, figure, cycle) for figure in figures]
        if cycle is not None:
            _ask_owners(actor, cycle, [figure.pk for figure in kept])
    return kept


def _kept(actor: User, figure: SegmentFigure, cycle: Cycle | None) -> SegmentFigure:
    """The figure as a row; the one that is there where it says the same."""
    figure.entered_by = actor
    figure.currency = figure.currency or (cycle.currency if cycle else "")
    if not figure.currency:
        raise ValidationError({"currency": "No cycle is current: give the currency."})
    figure.full_clean({"segment", "entered_by"}, validate_unique=False)
    # A new segment comes with its first figures; somebody else may make it at the same moment.
    figure.segment.full_clean(validate_unique=False)
    figure.segment, _ = Segment.objects.get_or_create(name=figure.segment.name)
    same = SegmentFigure.objects.filter(**{name: getattr(figure, name) for name in SAYS}).first()
    if same is not None:
        return same
    figure.save(force_insert=True)
    record(actor=actor, action="figures.record", subject=f"segment:{figure.segment_id}")
    return figure


def _ask_owners(actor: User, cycle: Cycle, recorded: Sequence[int]) -> None:
    """Of every proposal that rests on older figures of a segment whose new ones count now."""
    counting = {row.segment_id: row for row in newest_figures().filter(pk__in=recorded)}
    resting: dict[int, set[str]] = {}
    lines = MoneyLine.objects.filter(figure__segment__in=counting, proposal__cycle=cycle)
    for line in lines.select_related("figure"):
        if line.figure and line.figure_id != counting[line.figure.segment_id].pk:
            newer = counting[line.figure.segment_id].segment.name
            resting.setdefault(line.proposal_id, set()).add(newer)
    found = Proposal.objects.filter(pk__in=resting).order_by("pk")
    for proposal in found.select_related("marketing_owner", "cx_owner"):
        tell_owners(
            proposal,
            f"There are newer figures of {' and '.join(sorted(resting[proposal.pk]))}. "
            f"“{proposal.title}” rests on older ones and stays as it is: edit its money if it "
            "should rest on the new ones.",
            but=actor,
        )
