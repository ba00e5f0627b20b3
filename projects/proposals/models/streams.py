"""A benefit that is worked out: customers reached, the share that changes, what each is worth.

Customers whom a benefit wins, keeps or enriches come evenly over a year, and of them the segment's
share stays from year to year; so a stream of them is worth less where more leave.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from projects.customers.models import SegmentFigure

CENT = Decimal("0.01")
RETENTION = "retention"
COST_TO_SERVE = "cost_to_serve"
# Kinds of benefit whose customers are worth what the proposal itself says of each.
EACH_STATED = ("enrichment", COST_TO_SERVE)
# Kinds whose customers may stay otherwise than their segment does.
OWN_RETENTION = ("acquisition", RETENTION)


@dataclass(frozen=True, slots=True)
class Stream:
    """The parts of the sum. ``shares`` low, likely, high of those reached, 0 to 1; of kept
    customers, of those who would leave."""

    kind: str
    segment: str
    as_of: date
    margin: Decimal
    retention: Decimal
    reached: int
    shares: tuple[Decimal, Decimal, Decimal]
    each: Decimal | None
    because: str

    def on(self, figure: SegmentFigure, *, keep_retention: bool) -> "Stream":
        """The same on other figures; ``keep_retention`` where it is the proposal's own."""
        kept = self.retention if keep_retention else figure.retention
        return replace(self, margin=figure.margin, retention=kept, as_of=figure.as_of)

    @property
    def leaving(self) -> Decimal:
        """Share of customers who leave in a year."""
        return 1 - self.retention

    @property
    def base(self) -> Decimal:
        """Customers a year of whom a share changes."""
        return Decimal(self.reached) * (self.leaving if self.kind == RETENTION else 1)

    @property
    def worth(self) -> Decimal:
        """What one changed customer brings in a year."""
        return self.margin if self.each is None else self.each

    @property
    def customers(self) -> tuple[Decimal, ...]:
        """How many change in a year: low, likely, high."""
        return tuple(self.base * share for share in self.shares)

    @property
    def parts(self) -> list[Decimal]:
        """Those concerned and the likely change, in per cent of those reached."""
        reached = Decimal(max(self.reached, 1))
        return [100 * part / reached for part in (self.base, self.customers[1])]

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """Money a year: low, likely, high, to the cent."""
        return tuple(
            (count * self.worth).quantize(CENT)
            for count in sorted(self.customers, reverse=self.worth < 0)
        )


def stream_content(line: Any, figure: SegmentFigure) -> dict[str, Any]:
    """What owners sign of a stream. ``line``: a MoneyLine, or a row with its fields."""
    return {
        "figure": figure.pk,
        "segment": figure.segment.name,
        "as_of": str(figure.as_of),
        "margin": f"{figure.margin:.2f}",
        "retention": f"{figure.retention:.4f}",
        "reached": line.reached,
        "low": f"{line.share_low:.4f}",
        "likely": f"{line.share_likely:.4f}",
        "high": f"{line.share_high:.4f}",
        "each": None if line.each is None else f"{line.each:.2f}",
        "because": line.because,
    }


def stream_of(line: dict[str, Any]) -> Stream | None:
    """The stream behind a signed line of money (``money_content``); None of a stated amount."""
    if "stream" not in line:
        return None
    said = line["stream"]
    return Stream(
        kind=line["kind"],
        segment=said["segment"],
        as_of=date.fromisoformat(said["as_of"]),
        margin=Decimal(said["margin"]),
        retention=Decimal(line["yearly_retention"] or said["retention"]),
        reached=said["reached"],
        shares=(Decimal(said["low"]), Decimal(said["likely"]), Decimal(said["high"])),
        each=None if said["each"] is None else Decimal(said["each"]),
        because=said["because"],
    )
