"""Filters of the backlog, shared by the page, the API and the exports. None of them renumbers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.proposals import Proposal
from scoring.backlog.selectors.backlog import NEAR, SAFE
from scoring.ranking.models import RankedProposal

STATUSES = [row for row in Proposal.Status.choices if row[0] not in Proposal.PRIVATE]
LINES = RankedProposal.Line.choices
CERTAINTIES = [("safe", "Safe"), ("near", "Near the line"), ("out", "Out")]


class NullsLastOrdering(django_filters.OrderingFilter):
    """Sort with what is missing at the end, whichever way, and list order among equals."""

    def filter(
        self, qs: QuerySet[RankedProposal], value: Sequence[str] | None
    ) -> QuerySet[RankedProposal]:
        if not value:
            return qs
        fields: list[Any] = []
        for name in map(self.get_ordering_value, value):
            column = F(name.removeprefix("-"))
            fields.append(
                column.desc(nulls_last=True)
                if name.startswith("-")
                else column.asc(nulls_last=True)
            )
        return qs.order_by(*fields, "position")


class BacklogFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    status = django_filters.ChoiceFilter(
        field_name="proposal__status",
        choices=STATUSES,
        label="Status",
        empty_label="Any status",
    )
    # By name, so that an address can be read; the page offers the names that the run has.
    team = django_filters.CharFilter(method="of_team", label="Team")
    stage = django_filters.CharFilter(
        field_name="proposal__effects__stage__name", distinct=True, label="Journey stage"
    )
    segment = django_filters.CharFilter(method="of_segment", label="Segment")
    line = django_filters.ChoiceFilter(choices=LINES, label="Budget", empty_label="Any")
    certainty = django_filters.ChoiceFilter(
        choices=CERTAINTIES, method="how_sure", label="Certainty", empty_label="Any certainty"
    )
    undominated = django_filters.BooleanFilter(label="Best trade-off")
    sort = NullsLastOrdering(
        fields=[
            ("position", "rank"),
            ("value", "value"),
            ("roi", "roi"),
            ("impact", "impact"),
            ("cost", "cost"),
        ],
        label="Sort",
    )

    class Meta:
        model = RankedProposal
        fields: list[str] = []

    def search(
        self, queryset: QuerySet[RankedProposal], _name: str, value: str
    ) -> QuerySet[RankedProposal]:
        return queryset.filter(Q(title__icontains=value) | Q(reference__icontains=value))

    def of_team(
        self, queryset: QuerySet[RankedProposal], _name: str, value: str
    ) -> QuerySet[RankedProposal]:
        return queryset.filter(Q(marketing_team=value) | Q(cx_team=value))

    def of_segment(
        self, queryset: QuerySet[RankedProposal], _name: str, value: str
    ) -> QuerySet[RankedProposal]:
        """Effects on the segment; at the chosen stage, where one is chosen as well."""
        felt = CustomerEffect.objects.filter(proposal=OuterRef("proposal"), segment__name=value)
        stage = self.form.cleaned_data.get("stage")
        return queryset.filter(Exists(felt.filter(stage__name=stage) if stage else felt))

    def how_sure(
        self, queryset: QuerySet[RankedProposal], _name: str, value: str
    ) -> QuerySet[RankedProposal]:
        bounds = {
            "safe": Q(p_funded__gte=SAFE),
            "near": Q(p_funded__gte=NEAR, p_funded__lt=SAFE),
            "out": Q(p_funded__lt=NEAR),
        }
        return queryset.filter(bounds[value])


def view_address(query: QueryDict) -> str:
    """The part of a query string that is a view: known filters with a value, in a fixed order."""
    known = ((name, query.get(name)) for name in BacklogFilter.base_filters)
    return urlencode([(name, value) for name, value in known if value])
