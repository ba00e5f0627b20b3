"""Words beside marks: none covers a disc or another word, and what has no room is left out."""

from scoring.backlog.charts.labels import Label, Mark, place_labels

FRAME = (0.0, 0.0, 200.0, 100.0)


def test_a_mark_alone_has_its_word_at_the_upper_right() -> None:
    assert place_labels([Mark(50, 50, 10, "1 S")], FRAME) == [Label("1 S", 60.0, 40.0, "start")]


def test_neighbours_give_way_and_the_first_chooses_first() -> None:
    found = place_labels([Mark(50, 50, 10, "1 S"), Mark(70, 50, 10, "2 A")], FRAME)
    assert found == [Label("1 S", 40.0, 40.0, "end"), Label("2 A", 80.0, 40.0, "start")]


def test_a_word_stays_within_the_frame_and_clear_of_lines() -> None:
    at_the_edge = place_labels([Mark(190, 50, 10, "1 S")], FRAME)
    assert at_the_edge == [Label("1 S", 180.0, 40.0, "end")]
    under_a_line = [Mark(50, 50, 10, "1 S"), Mark(150, 36, 5, "", low=20, high=190)]
    assert place_labels(under_a_line, FRAME) == [Label("1 S", 60.0, 69.6, "start"), None]


def test_without_room_there_is_no_word() -> None:
    crowd = [Mark(x, y, 12, "") for x in range(20, 90, 10) for y in range(20, 90, 10)]
    assert place_labels([Mark(50, 50, 5, "9 R"), *crowd], FRAME)[0] is None
