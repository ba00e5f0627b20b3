"""Who may do what. The one place that reads seats and flags."""

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.panel.models import Seat


def seat_of(user: User) -> Seat | None:
    seat: Seat | None = getattr(user, "seat", None)
    return seat if seat is not None and seat.is_active and user.is_active else None


def is_panelist(user: User) -> bool:
    return seat_of(user) is not None


def is_curator(user: User) -> bool:
    seat = seat_of(user)
    return seat is not None and seat.is_chair


def may_change_framework(user: User) -> bool:
    """Write and publish the next version."""
    return user.is_superuser or is_curator(user)


def may_request_runs(user: User) -> bool:
    return user.is_superuser or user.is_leader or is_curator(user)


def may_explore(user: User) -> bool:
    """Ask what if, and keep scenarios."""
    return may_request_runs(user)


def is_conflicted(user: User, proposal: Proposal) -> bool:
    """True when the proposal belongs to the person or to the person's team.

    Needs ``marketing_owner`` and ``cx_owner`` on the proposal (``with_owners``).
    """
    if proposal.is_owner(user.pk):
        return True
    teams = (proposal.marketing_owner.team_id, proposal.cx_owner.team_id)
    return user.team_id is not None and user.team_id in teams
