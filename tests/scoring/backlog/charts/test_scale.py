"""Numbers to places, and words that fit."""

from scoring.backlog.charts.scale import Scale, counted, shortened, spanning


def test_ticks_are_round_and_within_the_scale() -> None:
    scale = Scale(low=-0.7, high=3.4, start=0, stop=410)
    assert [value for value, _ in scale.ticks()] == [0.0, 1.0, 2.0, 3.0]
    assert scale.place(-0.7) == 0
    assert scale.place(3.4) == 410
    assert Scale(0, 36_000, 500, 0).ticks()[1] == (10_000.0, 361.11)


def test_a_margin_is_left_above_and_only_below_zero_below() -> None:
    assert spanning([0, 100], 0, 1) == Scale(0, 106, 0, 1)
    assert spanning([-100, 100], 0, 1) == Scale(-112, 112, 0, 1)
    assert spanning([5, 5], 0, 1) == Scale(5, 6, 0, 1)


def test_long_titles_end_at_a_word() -> None:
    assert shortened("Call back", 9) == "Call back"
    assert shortened("Call back instead of hold music", 20) == "Call back instead…"
    assert shortened("Unteilbareswortungeheuer", 10) == "Unteilbar…"


def test_counts_read_as_words() -> None:
    assert counted(1, "proposal", "proposals") == "1 proposal"
    assert counted(1_200, "proposal", "proposals") == "1,200 proposals"
