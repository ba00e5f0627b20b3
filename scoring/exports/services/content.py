"""What a person's export contains: the rows they may see, with their filter, under the seal."""

from django.http import QueryDict

from projects.people.models import User
from scoring.backlog.filters import BacklogFilter
from scoring.backlog.selectors.backlog import hidden_count, results_of
from scoring.exports.files import Export, sealed
from scoring.ranking.models import RankingRun


def filtered(run: RankingRun, user: User | None, query: QueryDict) -> BacklogFilter:
    return BacklogFilter(query, queryset=results_of(run, user))


def export_of(run: RankingRun, user: User | None, query: QueryDict) -> Export:
    """The backlog of ``run`` as ``user`` sees it now; None is the operator's shell."""
    chosen = filtered(run, user, query)
    withheld = hidden_count(run, user) if user else 0
    return sealed(run, chosen.qs, chosen=in_words(chosen), withheld=withheld)


def in_words(chosen: BacklogFilter) -> str:
    """The filter in words, such as "status=submitted, q=card"; "none" for the whole list."""
    given = [(name, chosen.data.get(name)) for name in chosen.filters]
    return ", ".join(f"{name}={value}" for name, value in given if value) or "none"
