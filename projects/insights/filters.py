"""Filters of the insights, shared by the page and the API."""

import django_filters
from django.db.models import Q, QuerySet

from projects.customers.models import Evidence, JourneyStage, Segment
from projects.insights.models import Insight
from projects.insights.selectors import insight_named


class InsightFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    kind = django_filters.ChoiceFilter(
        choices=Evidence, label="How we know", empty_label="Any evidence"
    )
    stage = django_filters.ModelChoiceFilter(
        queryset=JourneyStage.objects.all(), label="Journey stage", empty_label="Any stage"
    )
    segment = django_filters.ModelChoiceFilter(
        queryset=Segment.objects.all(), label="Segment", empty_label="Any segment"
    )

    class Meta:
        model = Insight
        fields = ["kind", "stage", "segment"]

    def search(self, queryset: QuerySet[Insight], _name: str, value: str) -> QuerySet[Insight]:
        """Every word, in the finding or its source; or the reference alone."""
        named = insight_named(value)
        if named is not None:
            return queryset.filter(pk=named.pk)
        for word in value.split():
            queryset = queryset.filter(Q(finding__icontains=word) | Q(source__icontains=word))
        return queryset
