import django_filters

from projects.proposals.filters import visible_proposals
from scoring.decisions.models import Decision


class DecisionFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)

    class Meta:
        model = Decision
        fields = ["proposal", "run", "outcome"]
