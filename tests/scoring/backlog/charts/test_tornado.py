"""The tornado: where bars start and end, what its words say."""

import pytest

from scoring.backlog.charts.tornado import Part, given_of, name_of, tornado
from scoring.backlog.services.drivers import Driver, Drivers, End, Kind


def driver(kind: Kind, low: tuple[float, float, int], high: tuple[float, float, int]) -> Driver:
    return Driver(kind, "Fit", End(*low), End(*high))


def test_bars_start_in_the_middle_and_carry_the_rank_of_each_end() -> None:
    rows = [
        driver(Kind.JUDGED, (40.0, 50.0, 7), (80.0, 70.0, 2)),
        driver(Kind.MONEY, (1e6, 66.0, 3), (2e6, 60.0, 4)),
    ]
    drawn = tornado(Drivers(rank=4, score=60.0, widest=rows, tried=12, still=1), "EUR")
    assert drawn is not None
    assert (drawn.middle, drawn.rank, drawn.height) == (220.0, 4, 144)
    first, second = drawn.bars
    assert (first.y, first.given) == (34, "40.0 to 80.0 points")
    assert first.parts == [
        Part(x=52.0, width=168.0, look="worse", left=True, end=46.0, rank=7),
        Part(x=220.0, width=168.0, look="better", left=False, end=394.0, rank=2),
    ]
    assert (second.y, second.given) == (78, "1.0 M to 2.0 M EUR")
    assert second.parts == [Part(x=220.0, width=100.8, look="worse", left=False, end=326.8, rank=3)]
    assert drawn.reading == (
        "One input alone can move it between rank 2 and rank 7. Most depends on “Fit”."
        " 1 input moves it by no place."
    )


def test_a_rank_that_nothing_moves_is_said() -> None:
    rows = [driver(Kind.WEIGHT, (20.0, 59.0, 3), (30.0, 61.0, 3))]
    drawn = tornado(Drivers(rank=3, score=60.0, widest=rows, tried=5, still=5), "EUR")
    assert drawn is not None
    assert drawn.reading == (
        "It stays 3rd whichever of its 5 inputs moves alone, from the low to the high end of what"
        " is likely."
    )


def test_nothing_to_draw() -> None:
    assert tornado(None, "EUR") is None
    assert tornado(Drivers(rank=1, score=60.0, widest=[], tried=3, still=3), "EUR") is None


@pytest.mark.parametrize(
    ("kind", "ends", "name", "given"),
    [
        (Kind.JUDGED, (41.66, 80.0), "Fit", "41.7 to 80.0 points"),
        (Kind.UNJUDGED, (0.0, 100.0), "Fit, not scored yet", "0.0 to 100.0 points"),
        (Kind.MONEY, (950.0, 12_300.0), "Fit", "950 to 12.3 k EUR"),
        (Kind.EFFECT, (0.45, 0.8), "Fit", "confidence 0.45 to 0.8"),
        (Kind.WEIGHT, (4.5, 14.5), "Weight of Fit", "4.5 to 14.5 %"),
    ],
)
def test_every_input_says_its_unit(kind: Kind, ends: tuple[float, float], name, given) -> None:
    row = driver(kind, (ends[0], 1.0, 1), (ends[1], 2.0, 1))
    assert (name_of(row), given_of(row, "EUR")) == (name, given)
