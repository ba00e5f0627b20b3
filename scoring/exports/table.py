"""What every export contains: the columns of the backlog and the seal of its run."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from scoring.models import RankedProposal, RankingRun

# A spreadsheet takes a text that starts like this for a formula or a command.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a file comes from, so that anybody can check it against the run."""

    run: int
    framework: str
    framework_version: int
    engine_version: str
    input_digest: str
    result_digest: str
    cycle: str
    currency: str
    budget: str
    filter: str
    rows: int
    rows_withheld: int
    exported_at: str

    def facts(self) -> dict[str, Cell]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Export:
    seal: Seal
    criteria: list[dict[str, Any]]
    results: Iterable[RankedProposal]


def sealed(
    run: RankingRun, results: QuerySet[RankedProposal], *, chosen: str, withheld: int
) -> Export:
    """Put ``results`` of ``run`` under its seal; ``chosen`` names the filter in words."""
    version = run.framework_version
    return Export(
        seal=Seal(
            run=run.pk,
            framework=version.framework.name,
            framework_version=version.number,
            engine_version=run.engine_version,
            input_digest=run.input_digest,
            result_digest=run.result_digest,
            cycle=run.cycle.name,
            currency=run.facts["currency"],
            budget=run.facts["budget"],
            filter=chosen,
            rows=results.count(),
            rows_withheld=withheld,
            exported_at=timezone.now().isoformat(timespec="seconds"),
        ),
        criteria=run.facts["criteria"],
        results=results.iterator(chunk_size=1_000),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """``kind`` is text, whole, number, money or share; the spreadsheet formats by it."""

    key: str
    heading: str
    kind: str
    cell: Callable[[RankedProposal], Cell]


def columns(criteria: list[dict[str, Any]]) -> list[Column]:
    return [
        Column("rank", "Rank", "whole", lambda row: row.rank),
        Column("reference", "Reference", "text", lambda row: row.reference),
        Column("title", "Title", "text", lambda row: row.title),
        Column("marketing_team", "Marketing team", "text", lambda row: row.marketing_team),
        Column("cx_team", "CX team", "text", lambda row: row.cx_team),
        Column("status", "Status", "text", lambda row: row.proposal.get_status_display()),
        Column("line", "Budget line", "text", lambda row: row.get_line_display()),
        Column("rank_p10", "Rank P10", "whole", lambda row: row.rank_low),
        Column("rank_p90", "Rank P90", "whole", lambda row: row.rank_high),
        Column("p_funded", "P(funded)", "share", lambda row: row.p_funded),
        Column("score", "Score", "number", lambda row: row.score),
        Column("value", "Value", "number", lambda row: row.value),
        Column("coverage", "Coverage", "share", lambda row: row.coverage),
        Column("roi", "Expected ROI", "number", lambda row: row.roi),
        Column("roi_p10", "ROI P10", "number", lambda row: row.roi_p10),
        Column("roi_p50", "ROI P50", "number", lambda row: row.roi_p50),
        Column("roi_p90", "ROI P90", "number", lambda row: row.roi_p90),
        Column("p_loss", "P(loss)", "share", lambda row: row.p_loss),
        Column("benefit", "Benefit (present value)", "money", lambda row: row.benefit),
        Column("cost", "Cost (present value)", "money", lambda row: row.cost),
        Column("impact", "Customer impact", "number", lambda row: row.impact),
        Column("roi_rank", "Rank by ROI", "whole", lambda row: row.roi_rank),
        Column("impact_rank", "Rank by impact", "whole", lambda row: row.impact_rank),
        Column("undominated", "Beaten by none", "text", lambda row: _yes(row.undominated)),
        Column("missing", "Missing", "text", lambda row: "; ".join(row.missing)),
        *(_contribution(place, item) for place, item in enumerate(criteria)),
    ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _contribution(place: int, item: dict[str, Any]) -> Column:
    def cell(row: RankedProposal) -> Cell:
        found: Cell = row.contributions[place][3]
        return found

    return Column(f"contribution_{item['key']}", f"From: {item['name']}", "number", cell)


def escaped(text: str) -> str:
    """Text that no spreadsheet will run: an apostrophe before what could start a formula.

    A text that already looks escaped gets one more, so that :func:`unescaped` gives it back.
    """
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def unescaped(text: str) -> str:
    """The inverse of :func:`escaped`, for reading a file back."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(RISKY) else text
