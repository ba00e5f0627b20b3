"""The account library's pages where the product adds to them: signing in, confirming, sessions."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import ua_parser
from allauth.account import views as library
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from projects.people.requests import signed_in
from projects.people.selectors import provider_of

SILENT = "{provider} does not answer. Nothing is lost; please try again later."
# The provider asks for the password again, and says when it did so.
ASK_AGAIN = urlencode({"prompt": "login", "max_age": 0})


class SignIn(library.LoginView):
    """Password, passkey or provider; where passwords are off, only for the break-glass account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "password" in self.request.GET or self.request.method == "POST"
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "demo_people": settings.DEMO_SIGN_INS,
            "no_second_factor": settings.SECOND_FACTOR == "nobody",
            "providers": settings.SSO_PROVIDERS.values(),
            "passwords": settings.PASSWORDS or asked,
            "break_glass": settings.BREAK_GLASS,
        }


@login_required
def password(request: HttpRequest) -> HttpResponseBase:
    """Change the password; who comes in by a provider has none here."""
    user = signed_in(request)
    if not user.has_usable_password() or provider_of(user) is not None:
        raise Http404
    answer: HttpResponseBase = library.password_change(request)
    return answer


@require_POST
def provider_sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider. Where it does not answer, the page says so."""
    provider = settings.SSO_PROVIDERS.get(provider_id)
    if provider is None:
        raise Http404
    try:
        answer: HttpResponseBase = openid.login(request, provider_id)
    except RequestException:
        shown = {"reason": SILENT.format(provider=provider.name), "provider": provider}
        return render(request, "projects/people/not_signed_in.html", shown, status=502)
    if answer.status_code != HTTPStatus.FOUND:
        return answer
    # By a page and not by a redirect: the policy that forms stay in the house holds for every
    # address to which a form is passed on, and providers pass on to hosts that nobody listed.
    shown = {"provider": provider, "address": answer.headers["Location"]}
    return render(request, "projects/people/going.html", shown)


@require_safe
@login_required
def confirm(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask somebody to sign in with the provider once more, and then go on where they were."""
    provider = provider_of(signed_in(request))
    if provider is None or provider.id != provider_id:
        raise Http404
    after = f"{reverse('confirmed')}?{urlencode({'next': request.GET.get('next', '/')})}"
    start = {"process": "redirect", "next": after, "auth_params": ASK_AGAIN}
    address = f"{reverse('openid_connect_login', args=[provider_id])}?{urlencode(start)}"
    return render(
        request, "projects/people/confirm.html", {"provider": provider, "address": address}
    )


@require_safe
@login_required
def confirmed(request: HttpRequest) -> HttpResponseBase:
    """Do what waited for the confirmation."""
    answer: HttpResponseBase | None = resume_request(request)
    return answer or redirect("home")


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, newest first."""
    found = UserSession.objects.purge_and_list(signed_in(request))
    found.sort(key=lambda session: session.created_at, reverse=True)
    shown = [(session, _browser(session.user_agent)) for session in found]
    return render(request, "projects/people/sessions.html", {"shown": shown})


def _browser(sent: str) -> str:
    """What a browser sends of itself, as people call it."""
    parts = ua_parser.parse(sent)
    browser = parts.user_agent.family if parts.user_agent else "Unknown"
    return f"{browser} on {parts.os.family}" if parts.os else browser


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out there; the browser there learns of it with its next request."""
    get_object_or_404(UserSession, pk=pk, user=signed_in(request)).end()
    messages.success(request, "That session is signed out.")
    return redirect("sessions")
