"""Signing in and out, and passwords."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetView,
)
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from projects.people.forms import AskForLinkForm
from projects.people.requests import signed_in
from projects.people.services import note_new_password

form_methods = require_http_methods(["GET", "HEAD", "POST"])


class SignIn(LoginView):
    http_method_names = ["get", "head", "post"]
    template_name = "projects/people/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"demo_people": settings.DEMO_SIGN_INS}


class SignOut(LogoutView):
    http_method_names = ["post"]


@method_decorator(form_methods, name="dispatch")
class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    template_name = "projects/people/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            note_new_password(person=signed_in(self.request))
        messages.success(self.request, "Your password is changed. Other sessions are signed out.")
        return answer


@method_decorator(form_methods, name="dispatch")
class AskForLink(PasswordResetView):
    """Answers alike whether anybody has the address, so that nobody learns who is here."""

    template_name = "projects/people/ask_for_link.html"
    form_class = AskForLinkForm
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(
            self.request,
            "If somebody here has this address, a link is on its way. It may take a few minutes.",
        )
        return super().form_valid(form)


@method_decorator(form_methods, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """The page behind the link. The link works once, for an hour."""

    template_name = "projects/people/set_password.html"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            note_new_password(person=form.user)
        messages.success(self.request, "Your new password is set. Sign in with it.")
        return answer
