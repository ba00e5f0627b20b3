"""How a person wants to be told, and where they read clocks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.people.forms import PreferencesForm
from projects.people.requests import signed_in
from projects.people.services import save_preferences


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    posted = request.method == "POST"
    now = {"mail": user.mail, "time_zone": user.time_zone}
    form = PreferencesForm(request.POST if posted else None, initial=now)
    if posted and form.is_valid():
        save_preferences(actor=user, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("preferences")
    status = 422 if form.errors else 200
    return render(request, "projects/people/preferences.html", {"form": form}, status=status)
