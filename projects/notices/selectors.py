from projects.notices.models import Notification


def told_before(prefix: str) -> set[tuple[str, int]]:
    """(cause, person) of what was told for the causes that begin so."""
    told = Notification.objects.filter(cause__startswith=prefix)
    return set(told.values_list("cause", "recipient"))
