"""Which cycle is the current one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.people.models import User


def make_current(*, actor: User, cycle: Cycle) -> None:
    """Make ``cycle`` the current one instead of the one that is; its list is the backlog then."""
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator changes the current cycle.")
    if cycle.is_current:
        return
    with transaction.atomic():
        Cycle.objects.filter(is_current=True).update(is_current=False)
        cycle.is_current = True
        cycle.save(update_fields=["is_current"])
        record(actor=actor, action="cycle.current", subject=f"cycle:{cycle.pk}", name=cycle.name)
