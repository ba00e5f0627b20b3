"""Where a company begins: a journey that it can rename, and one segment that holds everybody."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.audit.services import record
from projects.customers.models import JourneyStage, Segment
from projects.errors import Conflict
from projects.people.models import User

USUAL_STAGES = ("Hear of us", "Choose", "Join", "Use", "Get help", "Stay or leave")
EVERYBODY = "All customers"


def take_usual_journey(*, actor: User) -> None:
    """Make the usual stages, each of weight 1, and a segment of all customers."""
    if not actor.is_superuser:
        raise PermissionDenied("Only administrators keep the journey.")
    with transaction.atomic():
        if JourneyStage.objects.exists():
            raise Conflict("There is a journey already.")
        JourneyStage.objects.bulk_create(
            JourneyStage(name=name, position=place) for place, name in enumerate(USUAL_STAGES, 1)
        )
        Segment.objects.get_or_create(name=EVERYBODY)
        record(actor=actor, action="journey.usual", subject="journey")
