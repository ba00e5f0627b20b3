"""How the panel judges: the criteria at work, where judges differ, and one's own figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scoring.framework.selectors import published_version
from scoring.panel.requests import panelist
from scoring.scorecards.selectors.agreement import judgements as found_for


@require_safe
def judgements(request: HttpRequest) -> HttpResponse:
    user, version = panelist(request), published_version()
    found = found_for(user, version) if version is not None else None
    return render(
        request, "scoring/scorecards/judgements.html", {"version": version, "found": found}
    )
