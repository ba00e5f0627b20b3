"""A worker with a planted fault: some of the draws that it makes for others are not theirs."""

from typing import Any

from celery.signals import worker_process_init

from prioritizer.celery import app

__all__ = ["app"]


@worker_process_init.connect
def turn_the_draws_round(**_: Any) -> None:
    from scoring.analysis.robustness import Ordered
    from scoring.ranking.services import chunks

    honest = chunks.ordered

    def upside_down(*args: Any, **values: Any) -> Ordered:
        return Ordered(honest(*args, **values).places[::-1])

    chunks.ordered = upside_down
