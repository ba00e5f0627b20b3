from datetime import date

from django.utils import timezone

from projects.cycles.models import Cycle


def today_in_house() -> date:
    """The day by which intake opens and closes, whatever zone the reader's clock shows."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def open_cycle() -> Cycle | None:
    """The current cycle, while its intake is open."""
    today = today_in_house()
    return Cycle.objects.filter(
        is_current=True, intake_opens__lte=today, intake_closes__gte=today
    ).first()
