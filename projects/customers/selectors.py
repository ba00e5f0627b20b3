"""Reads of what is known of customers."""

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery

from projects.customers.models import Persona, Segment, SegmentFigure
from projects.people.models import Function, User

KEEPERS = (Function.MARKETING, Function.CX)


def may_keep(user: User) -> bool:
    """Marketing and CX keep what is known of customers, and administrators help."""
    return user.is_superuser or user.function in KEEPERS


def require_keeper(user: User) -> None:
    if not may_keep(user):
        raise PermissionDenied("Marketing and CX keep what is known of customers.")


def segment_of(name: str) -> Segment:
    """The segment of this name, whatever its blanks and capitals; a new one is not saved yet."""
    plain = " ".join(name.split())
    return Segment.objects.filter(name__iexact=plain).first() or Segment(name=plain)


def newest_figures() -> QuerySet[SegmentFigure]:
    """The figure that counts of every segment that has one, by the segment's name."""
    of_segment = SegmentFigure.objects.filter(segment=OuterRef("segment")).order_by("-as_of", "-pk")
    newest = SegmentFigure.objects.filter(pk=Subquery(of_segment.values("pk")[:1]))
    return newest.select_related("segment").order_by("segment__name")


def portraits_of(persona: Persona) -> list[int]:
    """Every portrait of the same persona, older and newer ones, by id."""
    before = dict(Persona.objects.values_list("pk", "replaces"))
    after = {older: newer for newer, older in before.items() if older is not None}
    found = [persona.pk]
    for along in (before, after):
        one = along.get(persona.pk)
        while one is not None:
            found.append(one)
            one = along.get(one)
    return found


def current_personas() -> QuerySet[Persona]:
    """Those that no newer portrait has replaced."""
    return Persona.objects.filter(replaced_by=None).prefetch_related("segments")
