"""What every export contains: the columns of the backlog, and where its rows come from."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any

import orjson
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from projects.proposals.models.proposals import Proposal
from projects.spreadsheet_text import writable
from scoring.framework.selectors import ratified_by
from scoring.ranking.models import RankedProposal, RankingRun

Cell = str | int | float | None
Row = list[Cell]
Record = dict[str, list[dict[str, Cell]]]  # the rows of each part by key, cells by column key
CHUNK = 1_000  # rows read, sealed and written at a time
LISTS = ("missing", "flags", "contributions")  # stored as JSON
# Where a row of a run's ``contributions`` keeps what is exported.
WEIGHT, CONTRIBUTION = 0, 3


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a file comes from, so that anybody can check it against the run."""

    run: int
    framework: str
    framework_version: int
    framework_vote: str
    engine_version: str
    input_digest: str
    result_digest: str
    cycle: str
    currency: str
    budget: str
    filter: str
    rows: int
    rows_withheld: int  # 0 since a run is open to a person as a whole or not at all
    exported_at: str

    def facts(self) -> dict[str, Cell]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is text, whole, number, money, points or share.

    ``field`` is where the result has it; ``show`` turns the stored value into the cell.
    """

    key: str
    heading: str
    kind: str
    field: str = ""
    show: Callable[[Any], Cell] | None = None

    @property
    def is_text(self) -> bool:
        return self.kind == "text"


@dataclass(frozen=True, slots=True)
class Export:
    """A sealed list on its way into a file; ``chunks`` can be read once."""

    run: RankingRun
    seal: Seal
    criteria: list[dict[str, Any]]
    chunks: Iterable[list[Row]]
    record: Record = field(default_factory=dict)

    @property
    def columns(self) -> list[Column]:
        return columns(self.criteria)


def sealed(
    run: RankingRun,
    results: QuerySet[RankedProposal],
    *,
    chosen: str,
    record: Record | None = None,
) -> Export:
    """Put ``results`` of ``run`` under its seal; ``chosen`` names the filter in words."""
    version, criteria = run.framework_version, run.facts["criteria"]
    return Export(
        run=run,
        seal=Seal(
            run=run.pk,
            framework=version.framework.name,
            framework_version=version.number,
            framework_vote=ratified_by(version),
            engine_version=run.engine_version,
            input_digest=run.input_digest,
            result_digest=run.result_digest,
            cycle=run.cycle.name,
            currency=run.facts["currency"],
            budget=run.facts["budget"],
            filter=chosen,
            rows=results.count(),
            rows_withheld=0,
            exported_at=timezone.now().isoformat(timespec="seconds"),
        ),
        criteria=criteria,
        chunks=read_rows(results, criteria),
        record=_writable(record or {}),
    )


def _writable(record: Record) -> Record:
    """Without what no file can carry."""
    return {
        part: [
            {key: writable(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
            for row in rows
        ]
        for part, rows in record.items()
    }


def columns(criteria: list[dict[str, Any]]) -> list[Column]:
    """The columns in their order: facts of the proposal, then two per criterion."""
    believed = [
        Column("believed", "ROI believed to", "share", "believed"),
        Column("stated_roi", "ROI as stated", "number", "stated_roi"),
    ]
    return [
        Column("rank", "Rank", "whole", "rank"),
        Column("reference", "Reference", "text", "reference"),
        Column("title", "Title", "text", "title"),
        Column("marketing_team", "Marketing team", "text", "marketing_team"),
        Column("cx_team", "CX team", "text", "cx_team"),
        Column("marketing_owner", "Marketing owner", "text", "proposal__marketing_owner__username"),
        Column("cx_owner", "CX owner", "text", "proposal__cx_owner__username"),
        Column("status", "Status", "text", "proposal__status", _words(Proposal.Status)),
        Column("line", "Budget line", "text", "line", _words(RankedProposal.Line)),
        Column("rank_p10", "Rank P10", "whole", "rank_low"),
        Column("rank_p90", "Rank P90", "whole", "rank_high"),
        Column("tied_from", "Alike from", "whole", "tied_from"),
        Column("tied_to", "Alike to", "whole", "tied_to"),
        Column("p_top", "P(top)", "share", "p_top"),
        Column("p_funded", "P(funded)", "share", "p_funded"),
        Column("score", "Score", "number", "score"),
        Column("value", "Value", "number", "value"),
        Column("coverage", "Coverage", "share", "coverage"),
        Column("roi", "Expected ROI", "number", "roi"),
        Column("roi_p10", "ROI P10", "number", "roi_p10"),
        Column("roi_p50", "ROI P50", "number", "roi_p50"),
        Column("roi_p90", "ROI P90", "number", "roi_p90"),
        *(believed if any(item.get("believed") for item in criteria) else []),
        Column("p_loss", "P(loss)", "share", "p_loss"),
        Column("benefit", "Benefit (present value)", "money", "benefit"),
        Column("cost", "Cost (present value)", "money", "cost"),
        Column("impact", "Customer impact", "number", "impact"),
        Column("roi_rank", "Rank by ROI", "whole", "roi_rank"),
        Column("impact_rank", "Rank by impact", "whole", "impact_rank"),
        Column("undominated", "Best trade-off", "text", "undominated", _yes),
        Column("missing", "Missing", "text", "missing", "; ".join),
        Column("flags", "Flags", "text", "flags", _flags),
        *(column for place, item in enumerate(criteria) for column in _parts(place, item)),
    ]


def read_rows(
    results: QuerySet[RankedProposal], criteria: list[dict[str, Any]]
) -> Iterator[list[Row]]:
    """The cells of ``results``, a chunk at a time, without building a model for each row."""
    table = columns(criteria)
    stored = list(dict.fromkeys(column.field for column in table if _is_plain(column)))
    plain = [name for name in stored if name not in LISTS]
    texts = {f"{name}_text": Cast(name, TextField()) for name in LISTS}
    found = results.order_by(*results.query.order_by).values_list(*plain, *texts.values())
    places = {name: place for place, name in enumerate([*plain, *LISTS])}
    take = itemgetter(*(places[column.field] for column in table if _is_plain(column)))
    shown = [(place, column.show) for place, column in enumerate(table) if column.show]
    chunk: list[Row] = []
    for values in found.iterator(chunk_size=CHUNK):
        facts, lists = values[: len(plain)], [orjson.loads(text) for text in values[len(plain) :]]
        row = list(take((*facts, *lists)))
        for place, show in shown:
            row[place] = show(row[place])
        for part in lists[-1]:
            row += (part[CONTRIBUTION], part[WEIGHT])
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _parts(place: int, item: dict[str, Any]) -> tuple[Column, Column]:
    field = f"contributions.{place}"
    return (
        Column(f"contribution_{item['key']}", f"From: {item['name']}", "number", field),
        Column(f"weight_{item['key']}", f"Weight, %: {item['name']}", "number", field),
    )


def _is_plain(column: Column) -> bool:
    return not column.field.startswith("contributions")


def _flags(flags: list[list[str]]) -> str:
    """The words of each flag; the sentence behind it stands on the page."""
    return "; ".join(words for words, _ in flags)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _words(choices: Any) -> Callable[[Any], str]:
    labels: dict[str, str] = {value: str(label) for value, label in choices.choices}
    return labels.__getitem__
