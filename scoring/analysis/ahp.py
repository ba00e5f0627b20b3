"""Weights from pairwise comparisons: the analytic hierarchy process.

A comparison matrix holds at (i, j) how many times more important i is than j, 1/9 .. 9, with
a_ji = 1 / a_ij and 1 on the diagonal; NaN where a comparison was not made. Sources: Saaty 1980,
2005; Aczel & Saaty 1983; Forman & Peniwati 1998; Aguaron & Moreno-Jimenez 2003.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.sparse.csgraph import connected_components

from scoring.analysis.arrays import Floats, finite, floats, in_one_order, weights_sum_to_one

# Mean consistency index of random matrices of size 1, 2, ...; 1 and 2 are always consistent.
_PRINTED = {
    "saaty1980": "0 0 .58 .90 1.12 1.24 1.32 1.41 1.45 1.49",
    "saaty2005": "0 0 .52 .89 1.11 1.25 1.35 1.40 1.45 1.49 1.52 1.54 1.56 1.58 1.59",
    "donegan_dodd_1991": "0 0 .4914 .8286 1.0591 1.1797 1.2519 1.3171 1.3733 1.4055 1.4213 1.4497 "
    "1.4643 1.4822 1.4969",
}
RANDOM_INDEX = MappingProxyType(
    {
        name: MappingProxyType(dict(enumerate(map(float, row.split()), start=1)))
        for name, row in _PRINTED.items()
    }
)
DEFAULT_RANDOM_INDEX = "saaty2005"

# Above this many criteria a flat comparison asks too much of a person: use a hierarchy.
MOST_CRITERIA = 9

_ALWAYS_CONSISTENT = 2
_RECIPROCAL_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Consistency:
    """``lambda_max``, ``index`` CI, ``ratio`` CR, the ``limit`` CR should keep, and whether so."""

    lambda_max: float
    index: float
    ratio: float
    limit: float
    acceptable: bool


@dataclass(frozen=True, slots=True)
class Revisit:
    """The comparison to look at again: row, column, what was said, what the weights imply."""

    row: int
    column: int
    given: float
    implied: float


def comparison_matrix(matrix: ArrayLike, *, complete: bool = True) -> Floats:
    """Check one comparison matrix (n, n). Errors: ``matrix``."""
    return _checked(floats("matrix", matrix, ndim=2), "matrix", complete=complete)


def from_upper(matrix: ArrayLike) -> Floats:
    """The reciprocal matrix of what stands above the diagonal of ``matrix`` (n, n).

    For tables printed with rounded decimals, whose lower half is no exact reciprocal: the rest of
    the matrix is not read. NaN = not compared. Errors: ``matrix``.
    """
    given = floats("matrix", matrix, ndim=2)
    if given.shape[0] != given.shape[1]:
        raise ValueError("matrix: square, with at least one row, expected")
    above, below = np.triu_indices(len(given), 1)
    if (given[above, below] <= 0).any():
        raise ValueError("matrix: comparisons must be above 0")
    a = np.ones(given.shape)
    a[above, below], a[below, above] = given[above, below], 1.0 / given[above, below]
    return comparison_matrix(a, complete=False)


def completed(matrix: ArrayLike) -> Floats:
    """Fill the missing comparisons (NaN) so that lambda_max, and with it CR, is least.

    Bozoki, Fulop & Ronyai 2010: convex in the logs of the entries, unique iff the graph of the
    comparisons made is connected; started from the log least squares weights.
    """
    start = log_least_squares(matrix)
    a = comparison_matrix(matrix, complete=False)
    rows, columns = np.nonzero(np.triu(np.isnan(a), 1))

    def filled(logs: Floats) -> Floats:
        full = a.copy()
        full[rows, columns], full[columns, rows] = np.exp(logs), np.exp(-logs)
        return full

    def largest(logs: Floats) -> tuple[float, Floats]:
        full = filled(logs)
        (right, top), (left, _) = _principal(full), _principal(full.T)
        slope = left[rows] * full[rows, columns] * right[columns]
        slope -= left[columns] * full[columns, rows] * right[rows]
        return top, slope / (left @ right)

    guess = np.log(start[rows] / start[columns])
    if len(guess) == 0:
        return a
    found = minimize(largest, guess, jac=True, method="BFGS", options={"gtol": 1e-10})
    return filled(np.asarray(found.x))


def _checked(a: Floats, name: str, *, complete: bool) -> Floats:
    if a.shape[0] != a.shape[1] or len(a) == 0:
        raise ValueError(f"{name}: square, with at least one row, expected")
    known = ~np.isnan(a)
    if not known.diagonal().all():
        raise ValueError(f"{name}: 1 expected on the diagonal")
    if complete and not known.all():
        raise ValueError(f"{name}: missing comparisons; use log_least_squares")
    if (known != known.T).any():
        raise ValueError(f"{name}: not reciprocal: a comparison is missing in one direction only")
    if (a[known] <= 0).any():
        raise ValueError(f"{name}: comparisons must be above 0")
    product = np.where(known, a * a.T, 1.0)
    if (np.abs(product - 1.0) > _RECIPROCAL_TOLERANCE).any():
        raise ValueError(f"{name}: not reciprocal: a[j, i] must be 1 / a[i, j]")
    return a


def eigenvector(matrix: ArrayLike) -> Floats:
    """Principal right eigenvector, sum 1: A w = lambda_max w."""
    weights, _ = _principal(comparison_matrix(matrix))
    return weights


def row_geometric_mean(matrix: ArrayLike) -> Floats:
    """w_i proportional to (prod_j a_ij)^(1/n), sum 1: the log least squares solution."""
    logs = np.log(comparison_matrix(matrix)).mean(axis=1)
    return _normalised_exp(logs)


def column_mean(matrix: ArrayLike) -> Floats:
    """Normalise each column to sum 1, then average each row: the spreadsheet approximation."""
    a = comparison_matrix(matrix)
    weights: Floats = (a / a.sum(axis=0)).mean(axis=1)
    return weights


def log_least_squares(matrix: ArrayLike) -> Floats:
    """Weights from an incomplete matrix (NaN = not compared).

    Solves L y = b with the Laplacian L of the graph of comparisons made and w = exp(y). Unique
    iff the graph is connected, else ``matrix`` is refused. Complete: the row geometric mean.
    """
    a = comparison_matrix(matrix, complete=False)
    known = ~np.isnan(a)
    np.fill_diagonal(known, val=False)
    parts, _ = connected_components(known, directed=False)
    if parts > 1:
        raise ValueError(f"matrix: the comparisons fall into {parts} groups without a link")
    laplacian = np.diag(known.sum(axis=1)) - known
    target = np.where(known, np.log(np.where(known, a, 1.0)), 0.0).sum(axis=1)
    # Adding 1 to every entry fixes the free constant so that the logs sum to 0.
    return _normalised_exp(np.linalg.solve(laplacian + 1.0, target))


def consistency(matrix: ArrayLike, *, table: str = DEFAULT_RANDOM_INDEX) -> Consistency:
    """CR = CI / RI(n) with CI = (lambda_max - n) / (n - 1), never below 0.

    Limits after Saaty: 0.05 for n = 3, 0.08 for n = 4, else 0.10. n <= 2 is always consistent.
    Errors: ``matrix``, ``table`` (unknown, or n beyond its last entry).
    """
    a = comparison_matrix(matrix)
    n = len(a)
    if table not in RANDOM_INDEX:
        raise ValueError(f"table: one of {', '.join(RANDOM_INDEX)} expected")
    if n not in RANDOM_INDEX[table]:
        raise ValueError(f"table: {table} has no entry for n = {n}")
    _, largest = _principal(a)
    limit = {3: 0.05, 4: 0.08}.get(n, 0.10)
    if n <= _ALWAYS_CONSISTENT:
        return Consistency(float(n), 0.0, 0.0, limit, acceptable=True)
    index = max((largest - n) / (n - 1), 0.0)
    ratio = index / RANDOM_INDEX[table][n]
    return Consistency(largest, index, ratio, limit, acceptable=ratio <= limit)


def geometric_consistency(matrix: ArrayLike) -> Consistency:
    """GCI = 2 / ((n-1)(n-2)) sum_{i<j} ln^2(a_ij w_j / w_i) for row geometric mean weights.

    Limits .31 (n = 3), .35 (n = 4), .37 (larger); ``index`` and ``ratio`` both hold the GCI.
    """
    a = comparison_matrix(matrix)
    n = len(a)
    _, largest = _principal(a)
    limit = {3: 0.31, 4: 0.35}.get(n, 0.37)
    if n <= _ALWAYS_CONSISTENT:
        return Consistency(float(n), 0.0, 0.0, limit, acceptable=True)
    errors = _log_errors(a, row_geometric_mean(a))
    index = float((np.triu(errors, 1) ** 2).sum() * 2.0 / ((n - 1) * (n - 2)))
    return Consistency(largest, index, index, limit, acceptable=index <= limit)


def revisit(matrix: ArrayLike, weights: ArrayLike) -> Revisit | None:
    """The entry above the diagonal with the largest |ln(a_ij w_j / w_i)|; None if all fit.

    Incomplete matrices are welcome. The first in row order wins a tie; nothing is altered.
    """
    a = comparison_matrix(matrix, complete=False)
    w = finite("weights", weights, ndim=1)
    if w.shape != (len(a),) or (w <= 0).any():
        raise ValueError(f"weights: {len(a)} positive numbers expected")
    errors = np.triu(np.abs(np.nan_to_num(_log_errors(a, w))), 1)
    if errors.max(initial=0.0) <= _RECIPROCAL_TOLERANCE:
        return None
    # Rounding must not decide between two entries that are equally far off.
    first = int(np.flatnonzero(errors.ravel() >= errors.max() - _RECIPROCAL_TOLERANCE)[0])
    row, column = divmod(first, len(a))
    return Revisit(row, column, float(a[row, column]), float(w[row] / w[column]))


def aggregate_judgments(matrices: ArrayLike, member_weights: ArrayLike | None = None) -> Floats:
    """AIJ: element-wise weighted geometric mean of k matrices (k, n, n); stays reciprocal."""
    stack = floats("matrices", matrices, ndim=3)
    share = _member_weights(member_weights, len(stack))
    logs = np.array([np.log(_checked(a, "matrices", complete=True)) for a in stack])
    return np.exp(_mean_member(share, logs.reshape(len(logs), -1)).reshape(logs.shape[1:]))


def aggregate_priorities(
    weights: ArrayLike, member_weights: ArrayLike | None = None, *, geometric: bool = False
) -> Floats:
    """AIP: mean of the members' weights (k, n), arithmetic, or geometric and renormalised."""
    members = finite("weights", weights, ndim=2)
    weights_sum_to_one("weights", members)
    share = _member_weights(member_weights, len(members))
    if not geometric:
        return _mean_member(share, members)
    if (members <= 0).any():
        raise ValueError("weights: must be above 0 for the geometric mean")
    return _normalised_exp(_mean_member(share, np.log(members)))


def _mean_member(share: Floats, members: Floats) -> Floats:
    """Mean (n,) of the rows of ``members`` (k, n), whatever their order to the last bit."""
    columns = np.array(in_one_order(share, *members.T))
    mean: Floats = (columns[0] * columns[1:]).sum(axis=1)
    return mean


def _principal(a: Floats) -> tuple[Floats, float]:
    values, vectors = np.linalg.eig(a)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    return vector / vector.sum(), float(values[place].real)


def _normalised_exp(logs: Floats) -> Floats:
    raw = np.exp(logs - logs.max())
    weights: Floats = raw / raw.sum()
    return weights


def _log_errors(a: Floats, w: Floats) -> Floats:
    errors: Floats = np.log(a * w[None, :] / w[:, None])
    return errors


def _member_weights(given: ArrayLike | None, members: int) -> Floats:
    if members == 0:
        raise ValueError("member_weights: at least one member expected")
    if given is None:
        return np.full(members, 1.0 / members)
    share = finite("member_weights", given, ndim=1)
    if len(share) != members:
        raise ValueError(f"member_weights: {members} entries expected, got {len(share)}")
    weights_sum_to_one("member_weights", share)
    return share
