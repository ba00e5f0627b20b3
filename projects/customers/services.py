"""Where a company begins, and the promises that it makes to customers."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.customers.models import JourneyStage, Persona, Promise, Segment
from projects.customers.selectors import require_keeper
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from projects.people.selectors import require_somebody

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


def make_promise(*, actor: User, promise: Promise) -> Promise:
    """Put a promise down. Its deliverer is asked to agree; who names themselves has agreed."""
    require_keeper(actor)
    with transaction.atomic():
        promise.full_clean({"deliverer"})
        require_somebody(promise.deliverer, field="deliverer")
        promise.agreed_at = timezone.now() if promise.deliverer == actor else None
        try:
            with transaction.atomic():
                promise.save(force_insert=True)
        except IntegrityError:  # by somebody else at the same moment
            message = "This promise was put down already."
            raise ValidationError({"words": message}) from None
        record(actor=actor, action="promise.make", subject=f"promise:{promise.pk}")
        _ask(actor, promise)
    return promise


def agree_to_deliver(*, actor: User, promise: Promise) -> Promise:
    """The deliverer's word."""
    with transaction.atomic():
        promise = Promise.objects.select_for_update().get(pk=promise.pk)
        if promise.deliverer_id != actor.pk:
            raise PermissionDenied("Only who is to deliver the promise can agree to it.")
        if promise.agreed_at is None:
            promise.agreed_at = timezone.now()
            promise.save(update_fields=["agreed_at"])
            record(actor=actor, action="promise.agree", subject=f"promise:{promise.pk}")
    return promise


def hand_over_promise(*, actor: User, promise: Promise, deliverer: User) -> Promise:
    """Name somebody else, who is asked to agree anew. The one who delivers it may do so too."""
    with transaction.atomic():
        promise = Promise.objects.select_for_update().get(pk=promise.pk)
        if promise.deliverer_id != actor.pk:
            require_keeper(actor)
        require_somebody(deliverer, field="deliverer")
        if promise.deliverer_id != deliverer.pk:
            promise.deliverer = deliverer
            promise.agreed_at = timezone.now() if deliverer == actor else None
            promise.save(update_fields=["deliverer", "agreed_at"])
            subject = f"promise:{promise.pk}"
            record(actor=actor, action="promise.hand_over", subject=subject, to=deliverer.pk)
            _ask(actor, promise)
    return promise


def keep_persona(*, actor: User, persona: Persona, segments: Sequence[Segment]) -> Persona:
    """Keep a portrait for good. One that ``replaces`` another takes its place."""
    require_keeper(actor)
    persona.entered_by = actor
    persona.full_clean({"entered_by", "replaces"})
    with transaction.atomic():
        if persona.replaces_id is not None:
            # Locked, so that of two who replace it at once the second is told.
            replaced = Persona.objects.select_for_update().get(pk=persona.replaces_id)
            if Persona.objects.filter(replaces=replaced).exists():
                message = "A newer portrait took its place meanwhile. Begin from that one."
                raise ValidationError({"replaces": message})
        persona.save(force_insert=True)
        persona.segments.set(segments)
        record(actor=actor, action="persona.keep", subject=f"persona:{persona.pk}")
    return persona


def _ask(actor: User, promise: Promise) -> None:
    if promise.agreed_at is None:
        notify(
            recipients=[promise.deliverer],
            text=f"{actor} names you to deliver the promise “{promise}”. Do you agree?",
            url=reverse("promise", args=[promise.pk]),
        )
