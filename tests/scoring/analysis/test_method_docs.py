"""Every example in docs/method is run."""

import doctest
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[3] / "docs" / "method").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_examples_in(page: Path) -> None:
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert result.failed == 0
    assert result.attempted > 0 or page.name == "README.md"


def test_there_are_pages_to_run() -> None:
    assert len(PAGES) >= 8
