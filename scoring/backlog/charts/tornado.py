"""The tornado of one rank: the widest bars on top, each from an input's low end to its high end."""

from dataclasses import dataclass

from projects.templatetags.figures import count, exact, one, ordinal, short
from scoring.backlog.charts.scale import Scale, counted, shortened
from scoring.backlog.services.drivers import Driver, Drivers, Kind

WIDTH, TOP, ROW, BOTTOM = 440, 34, 44, 22
LEFT, RIGHT, BAR = 52, 388, 12  # the ends of the bars leave room for the ranks beside them
GAP = 6  # between a bar and its rank
LONGEST_NAME = 38


@dataclass(frozen=True, slots=True)
class Part:
    """From the middle to one end of the input; ``end`` is where the rank stands beside it."""

    x: float
    width: float
    look: str
    left: bool
    end: float
    rank: int


@dataclass(frozen=True, slots=True)
class Bar:
    driver: Driver
    name: str
    given: str
    y: int
    parts: list[Part]

    @property
    def words(self) -> str:
        ends = (self.driver.low.rank, self.driver.high.rank)
        return f"{self.name}, {self.given}: rank {ends[0]} to {ends[1]}"


@dataclass(frozen=True, slots=True)
class Tornado:
    across: Scale
    middle: float
    rank: int
    bars: list[Bar]
    reading: str
    height: int
    width: int = WIDTH


def tornado(drivers: Drivers | None, currency: str) -> Tornado | None:
    """The chart; None without a rank or when nothing moves the score."""
    if drivers is None or not drivers.widest:
        return None
    ends = [end.score for driver in drivers.widest for end in (driver.low, driver.high)]
    across = Scale(min(drivers.score, *ends), max(drivers.score, *ends), LEFT, RIGHT)
    return Tornado(
        across=across,
        middle=across.place(drivers.score),
        rank=drivers.rank,
        bars=[
            Bar(
                driver=driver,
                name=shortened(name_of(driver), LONGEST_NAME),
                given=given_of(driver, currency),
                y=TOP + place * ROW,
                parts=_parts(driver, across, across.place(drivers.score)),
            )
            for place, driver in enumerate(drivers.widest)
        ],
        reading=_reading(drivers),
        height=TOP + len(drivers.widest) * ROW + BOTTOM,
    )


def _parts(driver: Driver, across: Scale, middle: float) -> list[Part]:
    """The two halves of a bar; an end that leads nowhere has no part."""
    found = []
    for end, look in ((driver.low, "worse"), (driver.high, "better")):
        place = across.place(end.score)
        if place == middle:
            continue
        left = place < middle
        found.append(
            Part(
                x=min(place, middle),
                width=round(abs(place - middle), 2),
                look=look,
                left=left,
                end=round(place - GAP if left else place + GAP, 2),
                rank=end.rank,
            )
        )
    return found


def name_of(driver: Driver) -> str:
    if driver.kind is Kind.WEIGHT:
        return f"Weight of {driver.name}"
    if driver.kind is Kind.UNJUDGED:
        return f"{driver.name}, not scored yet"
    return driver.name


def given_of(driver: Driver, currency: str) -> str:
    """From the low to the high end of an input, with its unit."""
    low, high = driver.low.given, driver.high.given
    if driver.kind is Kind.MONEY:
        return f"{short(low)} to {short(high)} {currency}"
    if driver.kind is Kind.EFFECT:
        return f"confidence {exact(low)} to {exact(high)}"
    if driver.kind is Kind.WEIGHT:
        return f"{one(low)} to {one(high)} %"
    return f"{one(low)} to {one(high)} points"


def _reading(drivers: Drivers) -> str:
    best, worst = drivers.ranks
    if best == worst:
        return (
            f"It stays {ordinal(drivers.rank)} whichever of its {count(drivers.tried)} inputs moves"
            " alone, from the low to the high end of what is likely."
        )
    most = drivers.widest[0]
    text = (
        f"One input alone can move it between rank {count(best)} and rank {count(worst)}."
        f" Most depends on “{name_of(most)}”."
    )
    if not drivers.still:
        return text
    no_place = counted(drivers.still, "input moves", "inputs move")
    return f"{text} {no_place} it by no place."
