from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects.customers.services import take_usual_journey
from projects.errors import Conflict
from projects.people.requests import administrator


@require_POST
@login_required
def usual_journey(request: HttpRequest) -> HttpResponse:
    try:
        take_usual_journey(actor=administrator(request))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The usual journey is there. Rename its stages as you like.")
    return redirect("home")
