"""Single sign-on: who comes in by a provider, and as what."""

import time
from http import HTTPStatus
from typing import Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from scoring.panel.services import NotAdmitted, admit

log = structlog.get_logger(__name__)

CANCELLED = "Signing in was cancelled at {provider}."
SILENT = "{provider} does not answer, or not as it should. Nothing is lost; please try again later."
SOMEBODY_ELSE = "You signed in at {provider} as somebody else. Nothing was done."
NOT_FRESH = (
    "{provider} does not say that you signed in just now. Set up a second factor here; "
    "with it you can confirm."
)


class SingleSignOn(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Admit whom the provider names, before the library signs them in."""
        provider = settings.SSO_PROVIDERS[sociallogin.account.provider]
        claims = _claims(sociallogin)
        if sociallogin.state.get("process") == AuthProcess.REDIRECT:
            _confirm(request, sociallogin, provider, claims)
            return
        addresses = [found for found in sociallogin.email_addresses if found.email]
        known = sociallogin.user if sociallogin.is_existing else None
        try:
            person = admit(
                provider,
                person=known,
                email=addresses[0].email if addresses else "",
                verified=bool(addresses and addresses[0].verified),
                groups=_groups(claims.get(provider.groups_claim)),
                names={
                    "first_name": str(claims.get("given_name") or "")[:150],
                    "last_name": str(claims.get("family_name") or "")[:150],
                },
            )
        except NotAdmitted as error:
            raise _refusal(request, provider, str(error)) from None
        if known is None:
            sociallogin.connect(request, person)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        cancelled = error == AuthError.CANCELLED
        said = CANCELLED if cancelled else SILENT
        status = HTTPStatus.UNAUTHORIZED if cancelled else HTTPStatus.BAD_GATEWAY
        found = settings.SSO_PROVIDERS[provider.sub_id]
        log.warning("sso_failed", provider=found.id, error=str(error), reason=repr(exception)[:500])
        raise _refusal(request, found, said.format(provider=found.name), status)


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    parts = sociallogin.account.extra_data
    return {**parts.get("userinfo", {}), **parts.get("id_token", {})}


def _groups(claim: Any) -> list[str]:
    names = claim if isinstance(claim, list) else [claim]
    return [name for name in names if isinstance(name, str)]


def _confirm(
    request: HttpRequest, sociallogin: SocialLogin, provider: Any, claims: dict[str, Any]
) -> None:
    """Note that who is signed in has just signed in with the provider once more."""
    if sociallogin.user is None or request.user != sociallogin.user:
        raise _refusal(request, provider, SOMEBODY_ELSE.format(provider=provider.name))
    signed_in_at = claims.get("auth_time")
    latest = time.time() - settings.CONFIRMED_FOR.total_seconds()
    if not isinstance(signed_in_at, int | float) or signed_in_at < latest:
        raise _refusal(request, provider, NOT_FRESH.format(provider=provider.name))
    account = sociallogin.account
    record_authentication(
        request,
        sociallogin.user,
        "socialaccount",
        provider=account.provider,
        uid=account.uid,
        reauthenticated=True,
    )


def _refusal(
    request: HttpRequest, provider: Any, reason: str, status: int = HTTPStatus.FORBIDDEN
) -> ImmediateHttpResponse:
    shown = {"reason": reason, "provider": provider}
    page = render(request, "projects/people/not_signed_in.html", shown, status=status)
    return ImmediateHttpResponse(page)
