"""Timing side by side: interleaved runs, medians, ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of doing the work; ``slow`` ones run only once per table."""

    name: str
    work: Callable[[], object]
    slow: bool = False
    note: str = ""


def measure(contenders: list[Contender], *, rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds per contender, all taking turns so that the machine's moods hit all alike."""
    for contender in contenders:
        if not contender.slow:
            contender.work()
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        for contender in contenders:
            if contender.slow and turn:
                continue
            start = time.perf_counter()
            contender.work()
            times[contender.name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def compare(title: str, contenders: list[Contender], *, rounds: int = ROUNDS) -> dict[str, float]:
    """Print a table whose first contender is the floor, and return the medians."""
    medians = measure(contenders, rounds=rounds)
    floor = medians[contenders[0].name]
    print(f"\n{title}")
    for contender in contenders:
        taken = medians[contender.name]
        note = f"   {contender.note}" if contender.note else ""
        print(f"  {contender.name:<44} {taken * 1e3:>11.2f} ms {taken / floor:>8.2f} x{note}")
    return medians


def growth(title: str, sizes: list[int], work: Callable[[int], Callable[[], object]]) -> None:
    """Print how the time of ``work(size)`` grows, with the exponent from one size to the next."""
    print(f"\n{title}")
    before: tuple[int, float] | None = None
    for size in sizes:
        run = work(size)
        run()
        taken = statistics.median(_timed(run) for _ in range(3))
        power = ""
        if before:
            power = f"   n^{_exponent(before, (size, taken)):.2f}"
        print(f"  {size:>9,} {taken * 1e3:>11.2f} ms{power}")
        before = (size, taken)


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _exponent(one: tuple[int, float], other: tuple[int, float]) -> float:
    from math import log

    return log(other[1] / one[1]) / log(other[0] / one[0])
