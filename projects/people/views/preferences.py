"""How a person wants to be told, and where they read clocks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from projects.formats import proposed_by
from projects.people.forms import PreferencesForm
from projects.people.requests import signed_in
from projects.people.services import save_preferences


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    posted = request.method == "POST"
    now = {"mail": user.mail, "time_zone": user.time_zone, "formats": user.formats}
    proposed = proposed_by(request.headers.get("Accept-Language", ""))
    form = PreferencesForm(request.POST if posted else None, initial=now, proposed=proposed)
    if posted and form.is_valid():
        save_preferences(actor=user, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("preferences")
    status = 422 if form.errors else 200
    shown = {"form": form, "now": timezone.now()}
    return render(request, "projects/people/preferences.html", shown, status=status)
