"""Array types of this package and the checks every public function starts with.

Missing input is NaN and is only accepted where a docstring says so. Every error is a
``ValueError`` whose message starts with the name of the argument at fault.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Keys: TypeAlias = NDArray[np.uint64]
# No money and no count is larger, and squares and single precision still hold it.
LARGEST = 1e18
# Sums that must be 1, and values that must agree, may differ by this much from rounding.
TOLERANCE = 1e-9
# Sums of amounts such as 0.1 + 0.2 may miss a budget by this share of it and still keep it.
ROUNDING = 1e-9

MaskedFloats: TypeAlias = "np.ma.MaskedArray[Any, np.dtype[np.float64]]"
MaskedInts: TypeAlias = "np.ma.MaskedArray[Any, np.dtype[np.int64]]"
MaskedBools: TypeAlias = "np.ma.MaskedArray[Any, np.dtype[np.bool_]]"


def floats(name: str, value: ArrayLike, *, ndim: int | None = None) -> Floats:
    """Read ``value`` as a C-ordered float64 array; NaN (missing) passes, infinity does not.

    Nor does anything beyond 1e18, in which rounding would drown all else.
    """
    if isinstance(value, np.ma.MaskedArray):
        value = np.where(np.ma.getmaskarray(value), np.nan, np.ma.getdata(value))
    try:
        array = np.ascontiguousarray(value, dtype=np.float64).reshape(np.shape(value))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: numbers expected") from error
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name}: {ndim} dimension(s) expected, got {array.ndim}")
    if np.isinf(array).any():
        raise ValueError(f"{name}: infinite values are not allowed")
    if (np.abs(array) > LARGEST).any():
        raise ValueError(f"{name}: numbers beyond {LARGEST:g} are not allowed")
    return array


def finite(name: str, value: ArrayLike, *, ndim: int | None = None) -> Floats:
    """Read ``value`` as a float64 array in which nothing is missing."""
    array = floats(name, value, ndim=ndim)
    if np.isnan(array).any():
        raise ValueError(f"{name}: missing values are not allowed here")
    return array


def number(name: str, value: float) -> float:
    """Read one finite number."""
    return float(finite(name, value, ndim=0))


def extended(name: str, value: float) -> float:
    """Read one number that may be infinite."""
    try:
        result = float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: a number expected") from error
    if np.isnan(result):
        raise ValueError(f"{name}: missing values are not allowed here")
    return result


def indices(name: str, value: ArrayLike, *, size: int, length: int | None = None) -> Ints:
    """Read whole numbers in ``0 .. size - 1`` as int64, optionally of a given length."""
    raw = np.asarray(value)
    if raw.size == 0:
        raw = raw.astype(np.int64)
    if raw.ndim != 1 or raw.dtype.kind not in "iu":
        raise ValueError(f"{name}: a one-dimensional array of whole numbers expected")
    if length is not None and len(raw) != length:
        raise ValueError(f"{name}: {length} entries expected, got {len(raw)}")
    if raw.size and (raw.min() < 0 or raw.max() >= size):
        raise ValueError(f"{name}: entries must lie in 0..{size - 1}")
    return raw.astype(np.int64)


def stream_names(name: str, value: ArrayLike) -> Keys:
    """Read whole numbers not below 0, (k,), as the uint64 names of random streams."""
    raw = np.asarray(value)
    if raw.ndim != 1 or (raw.size and raw.dtype.kind not in "iu"):
        raise ValueError(f"{name}: a one-dimensional array of whole numbers expected")
    if raw.size and raw.min() < 0:
        raise ValueError(f"{name}: must not be negative")
    return raw.astype(np.uint64)


def same_length(**arrays: NDArray[Any]) -> int:
    """Return the common length of the named arrays, or name the first that differs."""
    names = list(arrays)
    length = len(arrays[names[0]])
    for name in names[1:]:
        if len(arrays[name]) != length:
            raise ValueError(f"{name}: {length} entries expected, got {len(arrays[name])}")
    return length


def in_one_order(*columns: Floats) -> tuple[Floats, ...]:
    """The columns (k,), rows sorted by all of them: sums no longer know how the rows came."""
    order = np.lexsort(columns)
    return tuple(column[order] for column in columns)


def masked(value: ArrayLike, undefined: ArrayLike) -> MaskedFloats:
    """Wrap ``value`` with the undefined positions masked and holding 0, never NaN."""
    hidden = np.asarray(undefined, dtype=np.bool_)
    filled = np.where(hidden, 0.0, np.asarray(value, dtype=np.float64))
    result: MaskedFloats = np.ma.MaskedArray(filled, mask=hidden)
    return result


def masked_ints(value: ArrayLike, undefined: ArrayLike) -> MaskedInts:
    """Wrap whole numbers with the undefined positions masked and holding 0."""
    hidden = np.asarray(undefined, dtype=np.bool_)
    filled = np.where(hidden, 0, np.asarray(value)).astype(np.int64)
    result: MaskedInts = np.ma.MaskedArray(filled, mask=hidden)
    return result


def weights_sum_to_one(name: str, weights: Floats) -> None:
    """Reject weights (last axis) that are negative, missing or do not sum to 1 within 1e-9."""
    if np.isnan(weights).any():
        raise ValueError(f"{name}: missing values are not allowed here")
    if (weights < 0).any():
        raise ValueError(f"{name}: negative weights are not allowed")
    if weights.shape[-1] == 0 or (np.abs(weights.sum(axis=-1) - 1.0) > TOLERANCE).any():
        raise ValueError(f"{name}: weights must sum to 1")
