"""Webhooks, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from projects.events.forms import WebhookForm
from projects.events.models import Webhook
from projects.events.selectors import BY_TYPE, sent_to
from projects.events.services import (
    end_webhook,
    make_webhook,
    resume_webhook,
    rotate_secret,
    send_test,
)
from projects.people.models import User
from projects.people.requests import confirmed, signed_in

SHOWN = 50  # of what was sent last
# What one press of a button does, and what is said of it.
DOES = {
    "test": (send_test, "A test is on its way. Reload to see what the receiver answers."),
    "off": (end_webhook, "Switched off. What happens meanwhile waits for it."),
    "on": (resume_webhook, "Switched on again. It goes on where it stopped."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of them, and the form for another one."""
    user, secret, status = _administrator(request), "", 200
    form = WebhookForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            confirmed(request)
            try:
                secret = make_webhook(actor=user, webhook=form.instance)
            except ValidationError as error:
                form.add_error(None, error)
        status = 200 if secret else 422
    shown = {
        "form": WebhookForm() if secret else form,
        "secret": secret,
        "webhooks": Webhook.objects.select_related("created_by"),
    }
    return render(request, "projects/events/webhooks.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what it was told, a test, another secret, off and on."""
    user = _administrator(request)
    hook = get_object_or_404(Webhook.objects.select_related("created_by"), pk=pk)
    secret, asked = "", request.POST.get("do", "")
    if request.method == "POST":
        confirmed(request)
        if asked == "rotate":
            secret = rotate_secret(actor=user, webhook=hook)
        elif asked in DOES:
            act, said = DOES[asked]
            act(actor=user, webhook=hook)
            messages.success(request, said)
            return redirect("webhook", pk=pk)
        hook.refresh_from_db()
    shown = {
        "webhook": hook,
        "secret": secret,
        "says": [BY_TYPE[name][1].says for name in hook.types if name in BY_TYPE],
        "sent": sent_to(hook, tests=True)[:SHOWN],
    }
    return render(request, "projects/events/webhook.html", shown)


def _administrator(request: HttpRequest) -> User:
    user = signed_in(request)
    if not user.is_superuser:
        raise PermissionDenied("Administrators keep webhooks.")
    return user
