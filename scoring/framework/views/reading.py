"""The framework in force, for everyone to read."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.people.requests import signed_in
from scoring.framework.models import Ballot, FrameworkVersion
from scoring.framework.selectors import judged_cycle, published_version, votes_on, weight_of
from scoring.panel.selectors import may_see_drafts

OF_TEXT = Q(ballots__text=F("version"))
VOTES = {
    choice: Count("ballots", filter=OF_TEXT & Q(ballots__choice=choice))
    for choice in Ballot.Choice.values
}


@require_safe
@login_required
def framework(request: HttpRequest) -> HttpResponse:
    user, version = signed_in(request), published_version()
    versions = FrameworkVersion.objects.select_related("framework", "published_by", "after_cycle")
    draft = versions.filter(status=FrameworkVersion.Status.DRAFT).first()
    return render(
        request,
        "scoring/framework/framework.html",
        {
            "version": version,
            "profiles": weight_tables(version) if version else [],
            "history": versions.exclude(status=FrameworkVersion.Status.DRAFT).annotate(**VOTES),
            "votes": votes_on(version) if version else {},
            "draft": draft if draft and (draft.is_voted_on or may_see_drafts(user)) else None,
            "judged_cycle": judged_cycle(),
        },
    )


def weight_tables(version: FrameworkVersion) -> list[dict[str, Any]]:
    """Per profile: dimensions with their weight, and criteria with their share of the whole."""
    tables = []
    for profile in version.profiles.all():
        weights = {row.dimension_id: row.weight for row in profile.weights.all()}
        dimensions = [
            {
                "dimension": dimension,
                "weight": weights.get(dimension.pk, Decimal(0)),
                "criteria": [
                    {
                        "criterion": criterion,
                        "weight": weight_of(criterion, weights.get(dimension.pk, Decimal(0))),
                    }
                    for criterion in dimension.criteria.all()
                ],
            }
            for dimension in version.dimensions.all()
        ]
        tables.append({"profile": profile, "dimensions": dimensions})
    return tables
