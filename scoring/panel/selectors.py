"""Who may do what. The one place that reads seats and flags."""

from django.conf import settings
from django.db.models import Q, QuerySet

from projects.people.models import Function, User
from projects.people.selectors import with_second_factor
from projects.proposals.models.proposals import Proposal
from scoring.panel.models import Seat


def seat_of(user: User) -> Seat | None:
    seat: Seat | None = getattr(user, "seat", None)
    return seat if seat is not None and seat.is_active and user.is_active else None


def members() -> list[User]:
    """Everybody with a seat on the panel, with their team, by name."""
    seats = Seat.objects.filter(is_active=True, user__is_active=True)
    return [seat.user for seat in seats.select_related("user__team").order_by("user__last_name")]


def everybody(*, search: str = "") -> QuerySet[User]:
    """All accounts with team, seat and second factor, by name; who is switched off comes last."""
    people = with_second_factor(User.objects.select_related("team", "seat"))
    found = people.order_by("-is_active", "last_name", "first_name", "username")
    for word in search.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(team__name__icontains=word)
        )
    return found


def rights_of(user: User) -> list[str]:
    """What an account may do beside reading, in words."""
    if not user.is_active:
        return []
    found = {
        "proposes": may_propose(user),
        "chairs the panel": is_curator(user),
        "judges": is_panelist(user) and not is_curator(user),
        "decides": user.is_leader,
        "administrates": user.is_superuser,
    }
    return [words for words, holds in found.items() if holds]


def may_propose(user: User) -> bool:
    """Own a side of a proposal."""
    return user.function in (Function.MARKETING, Function.CX)


def is_panelist(user: User) -> bool:
    return seat_of(user) is not None


def is_curator(user: User) -> bool:
    seat = seat_of(user)
    return seat is not None and seat.is_chair


def must_have_second_factor(user: User) -> bool:
    """Leaders, the chair and administrators; or everybody, where the house says so."""
    if settings.SECOND_FACTOR == "privileged":
        return user.is_leader or user.is_superuser or is_curator(user)
    return bool(settings.SECOND_FACTOR == "everybody")


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
