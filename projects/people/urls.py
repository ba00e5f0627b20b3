"""Accounts. Routes of the account library keep its names, by which it finds them."""

from typing import Any

from allauth.account import views as library
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.urls import URLPattern, path, re_path, reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.people.views import accounts, first, invitations, preferences

FORM = require_http_methods(["GET", "HEAD", "POST"])


def form(address: str, view: Any, name: str) -> URLPattern:
    """The library's forms, held to the methods for which they are made."""
    made: URLPattern = path(address, FORM(view), name=name)
    return made


urlpatterns = [
    form("sign-in/", accounts.SignIn.as_view(), "account_login"),
    path("sign-out/", require_POST(library.logout), name="account_logout"),
    path("sign-in/off/", require_safe(library.account_inactive), name="account_inactive"),
    form("confirm/", library.reauthenticate, "account_reauthenticate"),
    form("password/", accounts.password, "account_change_password"),
    form("password/forgotten/", library.password_reset, "account_reset_password"),
    path(
        "password/forgotten/sent/",
        require_safe(library.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        FORM(library.PasswordResetFromKeyView.as_view(success_url=reverse_lazy("account_login"))),
        name="account_reset_password_from_key",
    ),
    path("second-factor/", require_safe(factors.index), name="mfa_index"),
    form("sign-in/second-factor/", factors.authenticate, "mfa_authenticate"),
    form("confirm/code/", factors.reauthenticate, "mfa_reauthenticate"),
    form("second-factor/app/", totp.activate_totp, "mfa_activate_totp"),
    form("second-factor/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    path(
        "second-factor/recovery-codes/",
        require_safe(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    form(
        "second-factor/recovery-codes/new/",
        recovery.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    form("second-factor/passkeys/new/", passkeys.add_webauthn, "mfa_add_webauthn"),
    form(
        "second-factor/passkeys/<int:pk>/remove/",
        passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        "mfa_remove_webauthn",
    ),
    form("confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    path("confirm/done/", accounts.confirmed, name="confirmed"),
    path("confirm/with/<slug:provider_id>/", accounts.confirm, name="confirm"),
    path("sso/<slug:provider_id>/", accounts.provider_sign_in, name="openid_connect_login"),
    path(
        "sso/<slug:provider_id>/callback/",
        require_safe(openid.callback),
        name="openid_connect_callback",
    ),
    path("sessions/", accounts.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", accounts.end_session, name="session-end"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("people/invite/", invitations.invite, name="person-invite"),
    path("people/<int:pk>/invite/", invitations.again, name="person-invite-again"),
    path(
        "people/<int:pk>/second-factor/remove/",
        invitations.second_factor_off,
        name="person-second-factor-off",
    ),
    path("move-in/", first.first, name="first"),
    path("move-in/<str:sealed>/", first.first_link, name="first-link"),
    path("join/", invitations.join_page, name="join"),
    path("join/<str:sealed>/", invitations.join_link, name="join-link"),
]
if settings.MFA_PASSKEY_LOGIN_ENABLED:
    urlpatterns.append(form("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"))
