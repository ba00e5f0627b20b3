import django_filters

from projects.proposals.filters import visible_proposals
from scoring.scorecards.models import Scorecard


class ScorecardFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)

    class Meta:
        model = Scorecard
        fields = ["proposal", "status"]
