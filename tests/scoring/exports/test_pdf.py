"""The board paper: its pages say what the list says, in letters of three scripts."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from projects.models import Proposal
from scoring.backlog.selectors.backlog import results_of
from scoring.exports.files import WRITERS, sealed
from scoring.exports.files.content import SHOWN
from scoring.models import RankingRun
from tests.company import Company


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_the_parts_stand_in_their_order(written: Callable[[str], Path], run: RankingRun) -> None:
    content = written("pdf").read_bytes()
    cover, listing, charts, method, sign_off = pages(content)
    assert "2 proposals are ranked; 1 more, incomplete, are listed apart." in cover
    assert run.result_digest in cover
    for title in ("First", "Second", "Incomplete"):
        assert title in listing
    assert listing.index("First") < listing.index("Second") < listing.index("Incomplete")
    assert "Cut line: 250 k EUR" in listing or run.facts["first_out"] is None
    assert "Expected ROI against customer impact" in charts
    assert "Pain relieved" in method
    assert "For Marketing" in sign_off
    assert run.input_digest in sign_off


def test_a_board_reads_what_is_decided_and_what_the_next_costs(
    company: Company, written: Callable[[str], Path]
) -> None:
    """250 k EUR take two of three; the first is greenlit with conditions, said in full."""
    yes = company.scored("Yes", fit=100)
    company.scored("Open", fit=25)
    company.scored("Outside", fit=0)
    company.rank()
    Proposal.objects.filter(pk=yes.pk).update(status=Proposal.Status.CONDITIONAL)
    cover, listing, *_ = pages(written("pdf").read_bytes())
    said = "1 proposal is greenlit so far, at an expected cost of 100 k EUR; 150 k EUR of the"
    assert said in cover
    assert "greenlit with conditions" in listing
    assert "next 50.0 k EUR would bring in 3" in listing


def test_every_page_carries_run_framework_and_seal(written: Callable[[str], Path]) -> None:
    content = written("pdf").read_bytes()
    paper = PdfReader(io.BytesIO(content))
    [attached] = paper.attachments["backlog.json"]
    seal = attached.decode().partition('"rows":"')[2][:16]
    footer = "seal " + " ".join(seal[start : start + 4] for start in range(0, 16, 4))
    for number, page in enumerate(pages(content), start=1):
        assert footer in page
        assert "framework v1" in page
        assert f"page {number}" in page


def test_title_language_and_outline(written: Callable[[str], Path], run: RankingRun) -> None:
    paper = PdfReader(io.BytesIO(written("pdf").read_bytes()))
    assert paper.metadata is not None
    assert paper.metadata.title == f"Backlog of run {run.pk}, This year"
    root: Any = paper.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert [item.title for item in paper.outline] == [  # type: ignore[union-attr]
        "Cover",
        "The list",
        "Charts",
        "How the numbers came about",
        "Sign-off",
    ]


def test_fonts_are_embedded_and_hold_three_scripts(company: Company) -> None:
    titles = ["Straße Łódź", "Ελληνικά ώρα", "Щука єдність"]
    for title in titles:
        company.scored(title)
    run = company.rank()
    file = io.BytesIO()
    WRITERS["pdf"](sealed(run, results_of(run), chosen="none"), file)
    text = " ".join(pages(file.getvalue()))
    assert [title for title in titles if title not in text] == []
    resources: Any = PdfReader(file).pages[1]["/Resources"]
    fonts = resources["/Font"]
    kinds = {name: font.get_object()["/BaseFont"] for name, font in fonts.items()}
    assert all("OpenSans" in kind for kind in kinds.values() if "Helvetica" not in kind)
    assert sum("OpenSans" in kind for kind in kinds.values()) >= 2


@pytest.mark.parametrize("rows", [0, 1, 500])
def test_long_and_empty_lists_make_a_paper_too(run: RankingRun, rows: int) -> None:
    made = sealed(run, results_of(run), chosen="q=x")
    [[first, *_]] = made.chunks
    many = replace(
        made, seal=replace(made.seal, rows=rows), chunks=[[list(first) for _ in range(rows)]]
    )
    file = io.BytesIO()
    WRITERS["pdf"](many, file)
    text = " ".join(pages(file.getvalue()))
    assert "filter q=x" in text
    assert (f"The first {SHOWN} of {rows}; the other files have all." in text) is (rows == 500)
