"""What a worker is hurt at: a run made alone or shared, an export, a mail, an event, a list."""

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from django.db.models import F, Sum
from django.db.models.functions import Now

from chaos import hooks
from chaos.ledger import (
    Status,
    ask_for_export,
    ask_for_import,
    ask_for_run,
    exports_not_done_exactly_once,
    imports_not_done_exactly_once,
    left_draws,
    not_done_exactly_once,
    other_bytes_than_alone,
    state,
)
from chaos.long_list import long_list
from chaos.post import SECONDS, ask_for_mail, not_delivered_exactly_once, server
from chaos.site import POLL_SECONDS, until
from jobs.models import Job, Message
from projects.models import Batch
from scoring.models import ExportJob, RankingRun, RunChunk

TAKES_SECONDS = 2.0  # long enough to be hit in the middle
SAMPLE_DRAWS = 50_000
SCHEDULER_SECONDS = 10.0  # for a few rounds of it: it clears what thawed workers leave
EXPORTED = 30_000  # rows
IMPORTED = 2_000


class Work(Protocol):
    """A kind of job.

    ``seconds`` is how long an undisturbed one takes, once it was measured; ``together``, whether
    several processes work at one; ``settings`` are what the workers have in their environment.
    """

    name: str
    seconds: float
    together: bool
    settings: dict[str, str]

    @property
    def kind(self) -> type[Job]: ...

    def measure(self) -> None:
        """Let a worker that runs warm up, and find out how much work takes long enough."""

    def ask(self) -> int:
        """Ask for one; returns its number."""

    def state(self, number: int) -> tuple[str, int]:
        """(status, tries)."""

    def losses(self, number: int) -> int:
        """How often a worker has taken up what another had lost."""

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        """What is not as if nobody had been hurt."""


class Runs:
    name, kind, seconds, together = "run", RankingRun, TAKES_SECONDS, False
    settings: dict[str, str] = {}

    def __init__(self) -> None:
        self.draws = SAMPLE_DRAWS

    def measure(self) -> None:
        taken = 0.0
        for _ in range(2):  # the first one warms the worker up
            run_id = ask_for_run(SAMPLE_DRAWS)
            until(lambda run_id=run_id: self.state(run_id)[0] == Status.DONE, 60, "the first runs")
            taken = RankingRun.objects.get(pk=run_id).facts["seconds"]["all"]
        self.draws = max(SAMPLE_DRAWS, int(SAMPLE_DRAWS * TAKES_SECONDS / taken))

    def ask(self) -> int:
        return ask_for_run(self.draws)

    def state(self, number: int) -> tuple[str, int]:
        return state(number)

    def losses(self, number: int) -> int:
        return self.state(number)[1] - 1

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        return not_done_exactly_once(numbers)


class SharedRuns(Runs):
    """Every run is shared, however small."""

    name, together, settings = "shared run", True, {"RUN_SHARED_FROM": "1"}

    def losses(self, number: int) -> int:
        """Of the run and of its chunks, which are gone when it is done."""
        chunks = RunChunk.objects.filter(run=number, attempt__gt=0)
        return super().losses(number) + (chunks.aggregate(n=Sum(F("attempt") - 1))["n"] or 0)

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        runs, deadline = list(numbers), time.monotonic() + SCHEDULER_SECONDS
        while left_draws() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return [*super().wrong(runs), *other_bytes_than_alone(runs), *left_draws()]


class Exports:
    """Files of one long list."""

    name, kind, seconds, together = "export", ExportJob, TAKES_SECONDS, False
    settings: dict[str, str] = {}

    def __init__(self) -> None:
        self.run = long_list(EXPORTED)

    def measure(self) -> None:
        for _ in range(2):
            number = self.ask()
            until(lambda number=number: self.state(number)[0] == Status.DONE, 60, "first exports")
            self.seconds = ExportJob.objects.get(pk=number).took or 0.0

    def ask(self) -> int:
        return ask_for_export(self.run)

    def state(self, number: int) -> tuple[str, int]:
        return ExportJob.objects.values_list("status", "attempt").get(pk=number)

    def losses(self, number: int) -> int:
        return self.state(number)[1] - 1

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        return exports_not_done_exactly_once(numbers)


class Mails:
    """Messages in the outbox, to a mail server in moods."""

    name, kind, seconds, together = "mail", Message, SECONDS, False

    def __init__(self) -> None:
        self.mailbox, port = server()
        self.settings = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "EMAIL_USE_TLS": "0"}

    def measure(self) -> None:
        number = self.ask()
        until(lambda: self.state(number)[0] == Status.DONE, 120, "the first mail")

    def ask(self) -> int:
        return ask_for_mail()

    def state(self, number: int) -> tuple[str, int]:
        """A failed try waits half a minute for the next one, which here begins at once."""
        waiting = Message.objects.filter(pk=number, status=Status.RUNNING, owner_token="")
        waiting.filter(lease_until__gt=Now()).update(lease_until=Now())
        return Message.objects.values_list("status", "attempt").get(pk=number)

    def losses(self, number: int) -> int:
        return self.state(number)[1] - 1

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        return not_delivered_exactly_once(numbers, self.mailbox)


class Events(Mails):
    """Events on their way to a receiver in moods."""

    name, seconds = "event", hooks.SECONDS
    settings = {"WEBHOOKS_INSIDE": "1"}

    def __init__(self) -> None:
        self.hook = hooks.new_hook()

    def ask(self) -> int:
        return hooks.ask_for_event(self.hook)

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        hooks.end(self.hook)
        return hooks.not_told_in_order(self.hook, numbers)


class Lists:
    """Long lists of proposals that come in."""

    name, kind, seconds, together = "list", Batch, TAKES_SECONDS, False
    settings: dict[str, str] = {}

    def measure(self) -> None:
        for _ in range(2):
            number = self.ask()
            until(lambda number=number: self.state(number)[0] == Status.DONE, 60, "first lists")
            self.seconds = Batch.objects.get(pk=number).took or 0.0

    def ask(self) -> int:
        return ask_for_import(IMPORTED)

    def state(self, number: int) -> tuple[str, int]:
        return Batch.objects.values_list("status", "attempt").get(pk=number)

    def losses(self, number: int) -> int:
        return self.state(number)[1] - 1

    def wrong(self, numbers: Iterable[int]) -> list[str]:
        return imports_not_done_exactly_once(numbers, IMPORTED)


KINDS: tuple[Callable[[], Work], ...] = (Runs, SharedRuns, Exports, Mails, Events, Lists)
