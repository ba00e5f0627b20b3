"""Every example in docs/method is run, every picture drawn anew."""

import doctest
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs.method.pictures import IMAGES, PICTURES

PAGES = sorted((Path(__file__).parents[3] / "docs" / "method").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_examples_in(page: Path) -> None:
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert result.failed == 0
    assert result.attempted > 0 or page.name == "README.md"


def test_there_are_pages_to_run() -> None:
    assert len(PAGES) >= 8


@pytest.mark.parametrize("name", PICTURES)
def test_picture_shows_what_the_program_says(name: str) -> None:
    drawn = PICTURES[name]().svg()
    assert (IMAGES / f"{name}.svg").read_text(encoding="utf-8") == drawn
    assert ET.fromstring(drawn)[0].tag.endswith("title")  # noqa: S314 (our own)


def test_every_picture_is_on_a_page_and_hardly_a_page_has_none() -> None:
    shown = [re.findall(r"!\[[^]]+\]\(images/([a-z-]+)\.svg\)", page.read_text()) for page in PAGES]
    assert sorted(name for names in shown for name in names) == sorted(PICTURES)
    without = {page.stem for page, names in zip(PAGES, shown, strict=True) if not names}
    # What moves a rank and where the money goes are pictures on the screen itself.
    assert without == {"README", "coverage", "drivers"}
    assert {path.stem for path in IMAGES.iterdir()} == set(PICTURES)
