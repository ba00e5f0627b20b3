"""Who may do what. The one place that reads seats and flags."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from projects.people.models import Function, PastTeam, User
from projects.people.selectors import with_second_factor
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Signature
from scoring.panel.models import DeclaredConflict, Seat

CONFLICTED = "You or your team have a part in this proposal, so you do not score it."


def seat_of(user: User) -> Seat | None:
    seat: Seat | None = getattr(user, "seat", None)
    return seat if seat is not None and seat.is_held and user.is_active else None


def held_seats() -> QuerySet[Seat]:
    """The panel as it is today: seats neither given up nor over."""
    lasting = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
    return Seat.objects.filter(lasting, is_active=True, user__is_active=True)


def members() -> list[User]:
    """Everybody with a seat on the panel, with their team, by name."""
    return [
        seat.user for seat in held_seats().select_related("user__team").order_by("user__last_name")
    ]


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


def may_assign(user: User) -> bool:
    """Say who judges which proposal."""
    return user.is_superuser or is_curator(user)


def may_see_drafts(user: User) -> bool:
    """Read the next version before it is in force, and what the panel says of it."""
    return user.is_superuser or is_panelist(user)


def may_request_runs(user: User) -> bool:
    return user.is_superuser or user.is_leader or is_curator(user)


def may_explore(user: User) -> bool:
    """Ask what if, and keep scenarios."""
    return may_request_runs(user)


def of_theirs(tie: DeclaredConflict) -> Q:
    """Which proposals a declared conflict closes, as a condition on them."""
    if tie.person_id is not None:
        return Q(marketing_owner=tie.person_id) | Q(cx_owner=tie.person_id)
    return Q(marketing_owner__team=tie.team_id) | Q(cx_owner__team=tie.team_id)


def conflicts_for(user: User) -> QuerySet[DeclaredConflict]:
    """Declared conflicts that the person reads: one's own, and the panel's for its chair."""
    ties = DeclaredConflict.objects.select_related("user", "person", "team")
    if may_assign(user):
        return ties
    if not is_panelist(user):
        raise PermissionDenied("Only the panel sees conflicts of interest.")
    return ties.filter(user=user)


@dataclass(frozen=True, slots=True)
class _Who:
    """A person and their team as a condition on proposals names them, and inside its subqueries."""

    person: Any
    team: Any
    inner_person: Any
    inner_team: Any


def in_conflict(user: User) -> Q:
    """Which proposals the person must not judge, as a condition on them.

    Those that the person owns, ever signed or ever wrote along; those whose promise the person, or
    somebody of their team, has agreed to deliver (who is only named may judge); those with an owner
    of the same team, now or at any time since the proposal was begun, whoever of the two has moved
    since; and those with an owner, or of a team, to whom the person declared a tie that held since
    then.
    """
    return _in_conflict(_Who(user.pk, user.team_id, user.pk, user.team_id))


def _in_conflict(who: _Who) -> Q:
    signed = Signature.objects.filter(revision__proposal=OuterRef("pk"), signer=who.inner_person)
    since = {"left_at__gte": OuterRef("created_at")}
    past = PastTeam.objects.filter(**since)
    own = past.filter(user=who.inner_person)
    ties = DeclaredConflict.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("created_at")), user=who.inner_person
    )
    delivers = Q(promise__deliverer=who.person)
    if who.team is not None:
        delivers |= Q(promise__deliverer__team=who.team)
    along = CoAuthor.objects.filter(proposal=OuterRef("pk"), person=who.inner_person)
    wrote = along.filter(wrote_at__isnull=False)
    found = Q(Exists(signed)) | Q(Exists(wrote)) | (delivers & Q(promise__agreed_at__isnull=False))
    for owner in ("marketing_owner", "cx_owner"):
        found |= Q(**{owner: who.person}) | Q(Exists(own.filter(team=OuterRef(f"{owner}__team"))))
        left_too = {"user": OuterRef(owner), "team__past_members__user": who.inner_person}
        left_too["team__past_members__left_at__gte"] = OuterRef("created_at")
        found |= Q(Exists(past.filter(**left_too)))
        tied = Q(person=OuterRef(owner)) | Q(team=OuterRef(f"{owner}__team"))
        found |= Q(Exists(ties.filter(tied)))
        if who.team is not None:
            found |= Q(**{f"{owner}__team": who.team})
            found |= Q(Exists(past.filter(user=OuterRef(owner), team=who.inner_team)))
    return found


def is_conflicted(user: User, proposal: Proposal) -> bool:
    return Proposal.objects.filter(in_conflict(user), pk=proposal.pk).exists()


def conflicts(people: Collection[User], proposals: Collection[Proposal]) -> set[tuple[int, int]]:
    """(proposal, person) of those who must not judge which: the same condition, asked of people.

    One query for all.
    """
    person, team = OuterRef("pk"), OuterRef("team")
    closed = _in_conflict(_Who(person, team, OuterRef(person), OuterRef(team)))
    asked = User.objects.filter(pk__in=[one.pk for one in people]).order_by()
    each = [
        asked.filter(Exists(Proposal.objects.filter(closed, pk=one.pk))).values_list(
            Value(one.pk), "pk"
        )
        for one in proposals
    ]
    return set(each[0].union(*each[1:])) if each else set()


def conflicted(people: Collection[User], proposal: Proposal) -> set[int]:
    """The ids of those who must not judge the proposal."""
    return {person for _, person in conflicts(people, [proposal])}
