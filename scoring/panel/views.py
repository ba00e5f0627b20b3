"""Everybody who has an account, and what each may do: as a page, and as a file."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.csv_files import csv_file
from projects.people.models import User
from projects.people.requests import administrator
from projects.people.selectors import has_second_factor
from scoring.panel.selectors import everybody, rights_of, seat_of

PAGE = 50
COLUMNS = [
    "username",
    "email",
    "first_name",
    "last_name",
    "team",
    "function",
    "active",
    "leader",
    "administrator",
    "panel",
    "second_factor",
    "state",
    "last_sign_in",
]


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    administrator(request)
    search = request.GET.get("q", "").strip()
    page = Paginator(everybody(search=search), PAGE).get_page(request.GET.get("page"))
    shown = [(person, rights_of(person)) for person in page]
    context = {"page_obj": page, "shown": shown, "search": search}
    return render(request, "scoring/panel/people.html", context)


@require_safe
@login_required
def people_file(request: HttpRequest) -> HttpResponse:
    """Everybody and their rights as CSV, for an audit or to change and bring back."""
    administrator(request)
    name = f"people-{timezone.localdate():%Y-%m-%d}"
    return csv_file(name, COLUMNS, map(_cells, everybody()))


def _cells(person: User) -> list[str]:
    seat = seat_of(person)
    flags = (person.is_active, person.is_leader, person.is_superuser)
    return [
        person.username,
        person.email,
        person.first_name,
        person.last_name,
        person.team.name if person.team else "",
        person.function,
        *("yes" if flag else "no" for flag in flags),
        ("chair" if seat.is_chair else "member") if seat else "",
        "yes" if has_second_factor(person) else "no",
        person.state,
        person.last_login.isoformat() if person.last_login else "",
    ]
