"""Stored results as arrays: as in the rows, read once, and nobody can change them for others."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.ranking.selectors import stored
from tests.company import Company


def test_arrays_say_what_the_rows_say(company: Company) -> None:
    for title, values in (("Alpha", {"fit": 100}), ("Beta", {}), ("Gamma", {"money": []})):
        company.scored(title, **values)
    run = company.rank()
    arrays, terms = stored.stored_of(run), stored.stored_terms_of(run)
    assert arrays.ids.tolist() == sorted(run.results.values_list("proposal", flat=True))
    for result in run.results.all():
        row = arrays.row_of(result.proposal_id)
        found = [arrays.rank[row], arrays.score[row], arrays.cost[row]]
        expected = [result.rank, result.score, result.cost]
        np.testing.assert_array_equal(found, np.array(expected, dtype=np.float64))
        sums = np.column_stack([terms.weight[row], terms.given[row], terms.value[row]])
        np.testing.assert_array_equal(
            sums, np.array([term[:3] for term in result.contributions], dtype=np.float64)
        )
    assert np.isnan(arrays.rank[arrays.row_of(run.results.get(title="Gamma").proposal_id)])


def test_they_are_read_once_and_never_written(company: Company) -> None:
    company.scored("Alpha")
    run = company.rank()
    arrays, terms = stored.stored_of(run), stored.stored_terms_of(run)
    with CaptureQueriesContext(connection) as queries:
        assert stored.stored_of(run) is arrays
        assert stored.stored_terms_of(run) is terms
    assert not queries.captured_queries
    for array in (arrays.rank, arrays.score, arrays.cost, terms.weight, terms.given, terms.value):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
