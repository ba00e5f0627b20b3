from django.utils import timezone

from projects.cycles.models import Cycle


def open_cycle() -> Cycle | None:
    """The current cycle, while its intake is open."""
    today = timezone.localdate()
    return Cycle.objects.filter(
        is_current=True, intake_opens__lte=today, intake_closes__gte=today
    ).first()
