"""Screens say what people say at work; the words of docs/user/words.md are the ones used."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What screens said once, and nobody at work would.
OLD = {
    r"Pictures": "Charts",
    r"As in the run": "Reset",
    r">Answer<": "Recalculate",
    r"[Bb]eaten by none": "best trade-off",
    r"told apart": "too close to call",
    r"treat them as equals": "too close to call",
    r"[Mm]iss(es)? a score": "incomplete",
    r"asked of you": "Your tasks",
    r"[Ss]tep(ped)? back from": "Recuse yourself",
    r"[Kk]eep this view": "Save view",
    r"[Kk]eep (as )?a scenario": "Save scenario",
    r">Rests on<": "Based on",
    r">Comes from<": "Source",
    r"for want of": "missing",
    r"what is undecided": "Review 5 undecided",
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 80


@pytest.mark.parametrize("old", OLD)
def test_no_screen_says_what_nobody_says(old: str) -> None:
    found = [path.name for path in TEMPLATES if re.search(old, path.read_text(encoding="utf-8"))]
    assert found == [], f"say “{OLD[old]}” instead"


def test_every_word_of_the_product_is_explained_once() -> None:
    page = (ROOT / "docs" / "user" / "words.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", page, flags=re.MULTILINE)
    assert len(words) == len(set(words)) > 25
    assert {"proposal", "best trade-off", "too close to call", "incomplete"} <= set(words)
