"""Who judges what, when not everybody judges everything.

Greedy: the proposals that fewest people may judge come first, and of those who may, the one whose
function is not heard yet, with the least to do, who has judged least often beside the others.
Judges who meet in changing company link all proposals, so that mild and strict ones can be told
apart from good and bad proposals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.analysis.arrays import Bools, Ints, finite, indices


@dataclass(frozen=True, slots=True)
class Assigned:
    """``chosen`` (n, r) who is asked in addition; ``short`` (n,) judges that could not be found.

    ``groups``: how many sets of proposals share no judge with each other; 1 where all are linked,
    0 where nobody judges.
    """

    chosen: Bools
    short: Ints
    groups: int


def spread(may: ArrayLike, held: ArrayLike, function: ArrayLike, *, each: ArrayLike) -> Assigned:
    """Ask until each of n proposals has enough of r judges: ``each``, one number or (n,).

    ``may`` (n, r) who may judge what; ``held`` (n, r) who judges it already, which counts and
    stays; ``function`` (r,) which judges share one: numbers below r. Nobody is asked for more
    than an equal share while somebody else is free. Errors: by the argument's name.
    """
    free, taken = _table("may", may), _table("held", held).copy()
    if free.shape != taken.shape:
        raise ValueError(f"held: shape {free.shape} expected")
    judges = free.shape[1]
    kinds = indices("function", function, size=judges, length=judges)
    wanted = finite("each", each)
    wanted = np.full(len(free), wanted) if wanted.ndim == 0 else wanted
    if wanted.shape != (len(free),) or (wanted < 0).any() or (wanted % 1 != 0).any():
        raise ValueError("each: whole numbers of judges expected, one for each proposal")
    need = np.maximum(wanted.astype(np.int64) - taken.sum(axis=1), 0)
    load, beside = taken.sum(axis=0), taken.T.astype(np.int64) @ taken.astype(np.int64)
    share = -(-(int(need.sum()) + int(load.sum())) // max(int(free.any(axis=0).sum()), 1))
    chosen = np.zeros_like(taken)
    short = np.zeros(len(taken), dtype=np.int64)
    for row in np.lexsort((np.arange(len(free)), (free & ~taken).sum(axis=1))):
        for missing in range(int(need[row]), 0, -1):
            found = np.flatnonzero(free[row] & ~taken[row])
            if not len(found):
                short[row] = missing
                break
            heard = np.bincount(kinds[taken[row]], minlength=judges)[kinds[found]]
            met = beside[found][:, taken[row]].sum(axis=1)
            judge = found[np.lexsort((found, met, load[found], heard, load[found] >= share))[0]]
            beside[judge, taken[row]] += 1
            beside[taken[row], judge] += 1
            taken[row, judge] = chosen[row, judge] = True
            load[judge] += 1
    return Assigned(chosen, short, linked_groups(taken))


def linked_groups(judged: ArrayLike) -> int:
    """How many sets of proposals share no judge with each other; ``judged`` (n, r) bool."""
    table = _table("judged", judged)
    rows, columns = np.nonzero(table)
    size = sum(table.shape)
    links = coo_array((np.ones(len(rows)), (rows, len(table) + columns)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    return len(np.unique(label[: len(table)][table.any(axis=1)]))


def _table(name: str, values: ArrayLike) -> Bools:
    table = np.asarray(values)
    if table.ndim != 2 or table.dtype != np.bool_:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"{name}: a table of true and false expected")
    return table
