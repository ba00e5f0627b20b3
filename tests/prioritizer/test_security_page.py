"""The page on security answers every requirement once, and names what there is."""

import re
from collections import Counter
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs/operate/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([0-9][0-9., ]*) \| (\w+) \| (.+) \|$", re.MULTILINE)
ANSWERS = {"test", "setting", "document", "none", "waived"}
# OWASP ASVS 5.0.0, levels 1 and 2: section -> its requirements, which are numbered from 1 up.
REQUIREMENTS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}


def test_every_requirement_is_answered_once(record_property) -> None:
    answered = Counter(name for names, _, _ in ROW.findall(PAGE) for name in names.split(", "))
    asked = Counter(
        f"{section}.{number}"
        for section, count in REQUIREMENTS.items()
        for number in range(1, count + 1)
    )
    assert answered == asked
    record_property("requirements of ASVS answered", asked.total())


def test_answers_are_of_the_five_kinds_and_tests_name_tests() -> None:
    for names, answer, where in ROW.findall(PAGE):
        assert answer in ANSWERS, names
        if answer == "test":
            assert re.search("`(tests|chaos|fuzz)", where), names


def test_what_is_named_is_there() -> None:
    named = re.findall(
        r"`((?:tests|docs|chaos|fuzz)(?:/[A-Za-z_/.-]+)?|[A-Za-z]+\.(?:md|txt))`", PAGE
    )
    assert len(named) > 50
    assert [name for name in named if not (ROOT / name).exists()] == []
