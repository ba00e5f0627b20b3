"""What the account library asks of the product: its mail, its words, its audit, its secrets."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString

from projects.people.models import User
from projects.people.requests import client_address, is_confirmed
from projects.people.selectors import provider_of
from projects.people.services import change_password, mail_reset_link, note_change

SAID = {
    "password_changed": "Your password is changed. Other sessions are signed out.",
    "totp_activated": "Your authenticator app is set up.",
    "totp_deactivated": "The authenticator app is removed.",
    "recovery_codes_generated": "Ten recovery codes are made; older ones open nothing.",
    "webauthn_added": "The passkey is added.",
    "webauthn_removed": "The passkey is removed.",
    "sessions_logged_out": "Every other session is signed out.",
}


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators and providers, never by who comes along."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Name and password do not go together.",
        "email_password_mismatch": "Name and password do not go together.",
        "enter_current_password": "This is not your password of now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Tries of passwords are counted by name and network address together, in the database."""

    def pre_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse | None:
        """Who belongs to a provider comes in by it alone: it knows who has left the company."""
        provider = provider_of(user)
        records = get_authentication_records(request, user)
        if provider is None or (records and records[-1]["method"] == "socialaccount"):
            return super().pre_login(request, user, **about)
        shown = {"reason": f"You sign in with {provider.name}.", "provider": provider}
        raise ImmediateHttpResponse(
            render(request, "projects/people/not_signed_in.html", shown, status=403)
        )

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        if user.username == settings.BREAK_GLASS:
            note_change(person=user, event="emergency_sign_in")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_confirmed(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A provider's people are asked by the provider; with a second factor, by that too."""
        found = super().get_reauthentication_methods(user)
        provider = provider_of(user) if user.is_authenticated else None
        if provider is None:
            return found
        own = [method for method in found if method["id"] != "reauthenticate"]
        url = reverse("confirm", args=[provider.id])
        return [{"id": "provider", "description": f"Use {provider.name}", "url": url}, *own]

    def set_password(self, user: Any, password: str) -> None:
        change_password(person=user, password=password)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        if user.has_usable_password() and not user.is_service and settings.PASSWORDS:
            link = {"uidb36": context["uid"], "key": context["key"]}
            path = reverse("account_reset_password_from_key", kwargs=link)
            mail_reset_link(person=user, path=path)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        note_change(person=user, event=template_prefix.rpartition("/")[2])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        event = (message_template or "").rpartition("/")[2].removesuffix(".txt")
        said = message or SAID.get(event)
        if said:
            messages.add_message(request, level, said)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps are kept encrypted with a key derived from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _vault().decrypt(encrypted_text).decode()
        except InvalidToken:  # SECRET_KEY was changed without a fallback: no code may fit
            return generate_totp_secret()

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - the library's name
        return "Passkey"

    def build_totp_svg(self, url: str) -> SafeString:
        """As a part of the page, so without the first line of a file.

        Safe: drawn by the library, paths and numbers alone; of the address only dots are in it.
        """
        return SafeString(super().build_totp_svg(url).partition("?>")[2])

    def _get_site_name(self) -> str:
        return "Prioritizer"


def _vault() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [
        salted_hmac("projects.people.second-factor", "", secret=secret, algorithm="sha256").digest()
        for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
