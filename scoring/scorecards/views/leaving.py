"""Somebody leaves: what hangs on the account, and who goes on with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from projects.people.models import User
from projects.people.requests import administrator, confirmed
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import owned_by
from projects.proposals.services.handover import switch_off
from scoring.framework.selectors import published_version
from scoring.scorecards.forms import LeavingForm
from scoring.scorecards.models import Scorecard
from scoring.scorecards.selectors.cards import pending_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person_off(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator(request)
    everybody = User.objects.select_related("team", "seat").filter(is_active=True)
    person = get_object_or_404(everybody.exclude(pk=user.pk), pk=pk)
    posted = request.method == "POST"
    form = LeavingForm(request.POST if posted else None, person=person)
    if posted and form.is_valid():
        confirmed(request)
        try:
            moved = switch_off(actor=user, person=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts = f" {moved} draft{'s' if moved > 1 else ''} changed hands." if moved else ""
            messages.success(request, f"{person} is switched off.{drafts}")
            return redirect("people")
    owned, version = owned_by(person), published_version()
    shown = {
        "form": form,
        "person": person,
        "drafts": owned.filter(status=Proposal.Status.DRAFT),
        "sent": owned.exclude(status=Proposal.Status.DRAFT).count(),
        "signatures": person.signatures.count(),
        "due": pending_for(person, version).count() if version else 0,
        "given": person.scorecards.filter(status=Scorecard.Status.SUBMITTED).count(),
        "tokens": person.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count(),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/scorecards/person_off.html", shown, status=status)
