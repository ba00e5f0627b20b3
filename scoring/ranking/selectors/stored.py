"""The stored results of a sealed run as arrays: they never change, so a process reads them once.

Nothing here depends on who looks. What a person may see of it is decided where it is shown.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import orjson
from django.db.models import TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from scoring.ranking.models import RankedProposal, RankingRun

Floats = NDArray[np.float64]

PORTION = 500
KEPT_RUNS = 4  # per process; one of 10,000 proposals takes 3 MB


@dataclass(frozen=True, slots=True)
class Stored:
    """Results of all n proposals by ascending id.

    ``ids``, ``rank``, ``score`` and ``cost`` (n,); NaN where there is none.
    """

    ids: NDArray[np.int64]
    rank: Floats
    score: Floats
    cost: Floats

    def row_of(self, proposal: int) -> int:
        """The row of a proposal that the run has."""
        return int(np.searchsorted(self.ids, proposal))


@dataclass(frozen=True, slots=True)
class StoredTerms:
    """The sums behind the values, in the rows of ``Stored``: (n, m) by the run's criteria.

    ``weight`` in per cent of the whole; ``contribution`` in points of the value; ``given``,
    ``value`` and ``contribution`` NaN where missing.
    """

    weight: Floats
    given: Floats
    value: Floats
    contribution: Floats


def stored_of(run: RankingRun) -> Stored:
    return _stored(run.pk, run.result_digest)


def stored_terms_of(run: RankingRun) -> StoredTerms:
    return _terms(run.pk, run.result_digest)


def forget() -> None:
    """Begin as a new process does."""
    _stored.cache_clear()
    _terms.cache_clear()


@lru_cache(maxsize=KEPT_RUNS)
def _stored(run_id: int, _digest: str) -> Stored:
    rows = list(
        RankedProposal.objects.filter(run=run_id)
        .order_by("proposal_id")
        .values_list("proposal", "rank", "score", "cost")
    )
    numbers = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 3)
    return Stored(
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        rank=_sealed(numbers[:, 0]),
        score=_sealed(numbers[:, 1]),
        cost=_sealed(numbers[:, 2]),
    )


@lru_cache(maxsize=KEPT_RUNS)
def _terms(run_id: int, _digest: str) -> StoredTerms:
    texts = list(
        RankedProposal.objects.filter(run=run_id)
        .order_by("proposal_id")
        .values_list(Cast("contributions", TextField()), flat=True)
    )
    # In portions: a million small lists at once take longer to be collected than to be parsed.
    portions = (texts[at : at + PORTION] for at in range(0, len(texts), PORTION))
    table = np.concatenate(
        [np.array(orjson.loads(f"[{','.join(some)}]"), dtype=np.float64) for some in portions]
    )
    return StoredTerms(*(_sealed(table[:, :, place]) for place in range(4)))


def _sealed(column: Floats) -> Floats:
    """A copy that no caller can change for the others."""
    kept = np.ascontiguousarray(column)
    kept.setflags(write=False)
    return kept
