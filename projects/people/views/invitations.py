"""Inviting people, and coming in by an invitation."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.people.forms import InviteForm
from projects.people.models import User
from projects.people.requests import administrator, confirmed
from projects.people.services import (
    invitation_path,
    invite_again,
    invite_person,
    invited_by,
    join,
    remove_second_factor,
)

INVITED = "invitation"  # where the session keeps the link, so that it leaves the address


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        confirmed(request)
    if request.method == "POST" and form.is_valid():
        try:
            person = invite_person(actor=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say(request, person)
            return redirect("people")
    status = 422 if form.errors else 200
    return render(request, "projects/people/invite.html", {"form": form}, status=status)


@require_POST
@login_required
def again(request: HttpRequest, pk: int) -> HttpResponse:
    user, person = administrator(request), get_object_or_404(User, pk=pk)
    try:
        invite_again(actor=user, person=person)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _say(request, person)
    return redirect("people")


@require_POST
@login_required
def second_factor_off(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who lost phone, passkey and recovery codes."""
    administrator(request)
    person = get_object_or_404(User, pk=pk)
    try:
        remove_second_factor(actor=confirmed(request), person=person)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{person} has no second factor any more.")
    return redirect("people")


@require_safe
def join_link(request: HttpRequest, sealed: str) -> HttpResponse:
    """The address in the mail. The link goes into the session, so that no page shows it."""
    request.session[INVITED] = sealed
    return redirect("join")


@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest) -> HttpResponse:
    """Set the first password and come in."""
    person = invited_by(request.session.get(INVITED, ""))
    if person is None:
        return render(request, "projects/people/join.html", {"person": None})
    form = SetPasswordForm(person, request.POST or None) if settings.PASSWORDS else None
    if form is not None and request.method == "POST" and form.is_valid():
        join(person=person, password=form.cleaned_data["new_password1"])
        messages.success(request, "Welcome. What waits for you stands on this page.")
        known = {"username": person.username}
        login = Login(user=person, redirect_url="/")
        answer: HttpResponse = perform_password_login(request, known, login)
        return answer
    status = 422 if form is not None and form.errors else 200
    shown = {"person": person, "form": form, "providers": settings.SSO_PROVIDERS.values()}
    return render(request, "projects/people/join.html", shown, status=status)


def _say(request: HttpRequest, person: User) -> None:
    """That the invitation is on its way; without a mail server, the link to hand over."""
    if settings.EMAIL_HOST:
        messages.success(request, f"{person} is invited. The mail to {person.email} is on its way.")
    else:
        address = request.build_absolute_uri(invitation_path(person))
        messages.success(
            request,
            f"{person} is invited. No mail server is set, so hand over this link: {address}",
        )
