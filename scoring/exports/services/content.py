"""What an export contains: the rows of a run under a filter, and the seal."""

from django.http import QueryDict

from scoring.backlog.filters import BacklogFilter
from scoring.backlog.selectors.backlog import results_of
from scoring.exports.files import Export, sealed
from scoring.ranking.models import RankingRun


def filtered(run: RankingRun, query: QueryDict) -> BacklogFilter:
    return BacklogFilter(query, queryset=results_of(run))


def export_of(run: RankingRun, query: QueryDict) -> Export:
    chosen = filtered(run, query)
    return sealed(run, chosen.qs, chosen=in_words(chosen))


def in_words(chosen: BacklogFilter) -> str:
    """The filter in words, such as "status=submitted, q=card"; "none" for the whole list."""
    given = [(name, chosen.data.get(name)) for name in chosen.filters]
    return ", ".join(f"{name}={value}" for name, value in given if value) or "none"
