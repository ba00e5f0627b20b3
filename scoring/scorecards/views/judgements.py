"""How the panel judges: the criteria at work, where judges differ, and one's own figures."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.people.requests import signed_in
from scoring.framework.selectors import published_version
from scoring.panel.selectors import is_panelist
from scoring.scorecards.selectors.agreement import judgements as found_for


@require_safe
def judgements(request: HttpRequest) -> HttpResponse:
    user, version = signed_in(request), published_version()
    if not is_panelist(user):
        raise PermissionDenied("Only people with a panel seat see how the panel judges.")
    found = found_for(user, version) if version is not None else None
    return render(
        request, "scoring/scorecards/judgements.html", {"version": version, "found": found}
    )
