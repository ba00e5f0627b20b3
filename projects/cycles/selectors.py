from projects.cycles.models import Cycle


def open_cycle() -> Cycle | None:
    """The current cycle, while its intake is open."""
    cycle = Cycle.objects.filter(is_current=True).first()
    return cycle if cycle is not None and cycle.is_open else None
