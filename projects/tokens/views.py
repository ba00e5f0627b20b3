"""The page of one's own tokens; administrators also see those of service accounts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projects.people.requests import confirmed, signed_in
from projects.tokens.forms import TokenForm
from projects.tokens.models import Token
from projects.tokens.selectors import tokens_of
from projects.tokens.services import issue_token, revoke_token


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    user, key, feed, status = signed_in(request), "", "", 200
    form = TokenForm(request.POST or None, user=user)
    if request.method == "POST":
        if form.is_valid():
            confirmed(request)
            try:
                token, key = issue_token(actor=user, **form.cleaned_data)
                if path := _path_of(token, key):
                    feed = request.build_absolute_uri(path)
            except ValidationError as error:
                form.add_error(None, error)
        status = 200 if key else 422
    shown = {
        "form": TokenForm(user=user) if key else form,
        "key": key,
        "feed": feed,
        "scope": form.cleaned_data["scope"] if key else "",
        "tokens": tokens_of(user),
    }
    return render(request, "projects/tokens/tokens.html", shown, status=status)


def _path_of(token: Token, key: str) -> str:
    """What a key opens, where it stands in an address."""
    if token.scope == Token.Scope.CALENDAR:
        return reverse("calendar-feed", args=[key])
    if token.scope == Token.Scope.FIGURES:
        return reverse("figures-file", args=[key, "proposals"])
    return ""


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    token = get_object_or_404(tokens_of(user), pk=pk)
    revoke_token(actor=user, token=token)
    messages.success(request, f"The token “{token}” is revoked.")
    return redirect("tokens")
