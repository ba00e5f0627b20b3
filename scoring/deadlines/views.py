"""A person's deadlines for the calendar that they keep anyway, by a secret address."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from projects.people.models import User
from projects.tokens.models import Token
from projects.tokens.services import Refused, token_of
from scoring.deadlines.selectors import Deadline, deadlines_of

ASK_EVERY = timedelta(hours=6)


@require_safe
@never_cache
def calendar(_request: HttpRequest, key: str) -> HttpResponse:
    """The feed of the person whose address it is; for anybody else there is no such page."""
    try:
        token = token_of(key, scope=Token.Scope.CALENDAR)
    except Refused:
        raise Http404 from None
    return HttpResponse(
        _calendar_of(token.person).to_ical(), content_type="text/calendar; charset=utf-8"
    )


def _calendar_of(person: User) -> Calendar:
    found = Calendar()
    found.add("prodid", "-//Prioritizer//Deadlines//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Prioritizer")
    found.add("refresh-interval", ASK_EVERY, parameters={"value": "DURATION"})
    for deadline in deadlines_of(person):
        found.add_component(_event(deadline))
    return found


def _event(deadline: Deadline) -> Event:
    """A day that takes no time, or the moment where the clock matters."""
    found = Event()
    found.add("uid", f"{deadline.key}@{urlsplit(settings.SITE_URL).hostname}")
    found.add("dtstamp", timezone.now())
    found.add("dtstart", deadline.day)
    if not isinstance(deadline.day, datetime):
        found.add("transp", "TRANSPARENT")
    found.add("summary", deadline.text)
    found.add("url", f"{settings.SITE_URL}{deadline.page}")
    return found
