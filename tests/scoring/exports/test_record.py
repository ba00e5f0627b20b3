"""What leaders made of the list goes into the files: plan, exceptions, decisions; each sealed."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader

from projects.models import Proposal, User
from scoring.exports.files import WRITERS
from scoring.exports.files.json import SCHEMA
from scoring.exports.files.slides.slide import HEIGHT
from scoring.exports.services.content import export_of
from scoring.models import RankingRun, Scenario
from scoring.portfolio.services import Forced, adopt_plan
from tests.company import Company, a_condition, recorded
from tests.scoring.portfolio.asking import case, pk_of

REASON = "Law asks for it by the end of the year."


@pytest.fixture
def planned(company: Company, run: RankingRun) -> RankingRun:
    """A plan that forces the second in, a scenario beside it, and a greenlight with a condition."""
    forced = (Forced(pk_of("Second"), inside=True, why="legal", asked="Legal"),)
    asked: dict[str, Any] = {"actor": company.leader, "run": run, "case": case(run, forced=forced)}
    adopt_plan(name="Ours", query="", way="best", seen=0, **asked)
    condition = a_condition(company.cx, "A frame first")
    condition.due = date(2030, 1, 2)
    recorded(
        actor=company.leader,
        proposal=Proposal.objects.get(title="Second"),
        run=run,
        outcome="conditional",
        reason=REASON,
        conditions=[condition],
        creation_key=uuid4(),
    )
    return run


def as_file(kind: str, run: RankingRun, reader: User | None) -> bytes:
    file = io.BytesIO()
    WRITERS[kind](export_of(run, QueryDict(), reader), file)
    return file.getvalue()


def test_data_has_the_plan_its_exceptions_and_each_decision(
    company: Company, planned: RankingRun
) -> None:
    data = json.loads(as_file("json", planned, company.leader))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(data)
    record, today = data["record"], f"{timezone.now():%Y-%m-%d}"
    [plan], [exception], [decision] = record["plans"], record["exceptions"], record["decisions"]
    leader, second = str(company.leader), Proposal.objects.get(title="Second")
    named = {"reference": second.reference, "title": "Second"}
    assert (plan["name"], plan["standing"], plan["funded"]) == ("Ours", "the plan", 2)
    assert (plan["adopted_by"], plan["adopted_on"]) == (leader, today)
    assert {row["title"] for row in record["funded"]} == {"First", "Second"}
    assert exception == named | {
        "forced": "in",
        "why": "Law or regulation requires it",
        "asked_by": "Legal",
        "return_given_up": exception["return_given_up"],
        "impact_given_up": exception["impact_given_up"],
    }
    assert decision == named | {
        "outcome": "Greenlight with conditions",
        "decided_on": today,
        "decided_by": leader,
        "seconded_by": "",
        "reason": REASON,
        "why": "",
        "exception": "",
        "conditions": f"A frame first (open, {company.cx}, by 2030-01-02)",
    }


def test_plans_are_for_those_who_may_open_them_and_decisions_for_who_sees_the_run(
    company: Company, planned: RankingRun
) -> None:
    record = export_of(planned, QueryDict(), company.marketing).record
    assert list(record) == ["decisions"]
    assert len(record["decisions"]) == 1
    company.score(company.submitted("Not judged by all"), company.curator, 50, 25)
    later, first = company.rank(), Proposal.objects.get(title="First")
    said: dict[str, Any] = {"actor": company.leader, "outcome": "greenlight", "reason": "It pays."}
    recorded(proposal=first, run=later, creation_key=uuid4(), **said)
    seen = {
        person: [
            row["title"] for row in export_of(planned, QueryDict(), person).record["decisions"]
        ]
        for person in (company.leader, company.panelist)
    }
    assert seen == {company.leader: ["First", "Second"], company.panelist: ["Second"]}


def test_the_plan_of_a_run_that_is_closed_to_the_chair_stays_out(
    company: Company, planned: RankingRun
) -> None:
    company.score(company.submitted("Not judged by all"), company.panelist, 50, 25)
    later = company.rank()
    seen = Scenario.objects.get(name="Ours").pk
    asked: dict[str, Any] = {"actor": company.leader, "run": later, "case": case(later)}
    adopt_plan(name="Closed", query="", way="best", seen=seen, **asked)
    for person, name in ((company.leader, "Closed"), (company.curator, "Ours")):
        plans = export_of(planned, QueryDict(), person).record["plans"]
        assert [row["name"] for row in plans if row["standing"] == "the plan"] == [name]
        assert ("Closed" in {row["name"] for row in plans}) is (name == "Closed")


def test_a_title_that_is_a_draft_again_is_told_as_it_was_ranked(
    company: Company, planned: RankingRun
) -> None:
    Proposal.objects.filter(title="Second").update(title="Unspoken", status="draft")
    record = export_of(planned, QueryDict(), company.leader).record
    assert "Unspoken" not in str(record)
    assert record["decisions"][0]["title"] == record["exceptions"][0]["title"] == "Second"


def test_sheets_pages_and_slides_say_it(company: Company, planned: RankingRun) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_file("xlsx", planned, company.leader)))
    assert [cell.value for cell in book["Decisions"][2]][2] == "Greenlight with conditions"
    assert [cell.value for cell in book["Exceptions of the plan"][2]][3:5] == [
        "Law or regulation requires it",
        "Legal",
    ]
    paper = PdfReader(io.BytesIO(as_file("pdf", planned, company.leader)))
    outline = [item.title for item in paper.outline]  # type: ignore[union-attr]
    assert outline[3:-2] == [
        "Plan and scenarios",
        "Funded by the plan",
        "Exceptions of the plan",
        "Decisions",
    ]
    pages = " ".join(" ".join(page.extract_text().split()) for page in paper.pages)
    assert REASON in pages
    assert f"A frame first (open, {company.cx}, by 2030-01-02)" in pages
    titles, words = slides(as_file("pptx", planned, company.leader))
    assert titles == [
        "Backlog: This year",
        "The list",
        "Expected ROI against customer impact",
        "What the value is made of",
        "Plan and scenarios",
        "Exceptions of the plan",
        "Decisions",
        "How the numbers came about",
    ]
    assert REASON in words
    assert "2 proposals are ranked; 1 more, incomplete, are listed apart." in words


def slides(content: bytes) -> tuple[list[str], str]:
    """The titles of the slides, and all that they say; everything stands on its slide."""
    deck = Presentation(io.BytesIO(content))
    titles, words = [], []
    for slide in deck.slides:
        assert slide.shapes.title is not None
        titles.append(slide.shapes.title.text_frame.text)
        for shape in slide.shapes:
            assert Emu(0) <= shape.top <= shape.top + shape.height <= HEIGHT
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if shape.has_table:
                words += [cell.text for cell in shape.table.iter_cells()]
            if shape.has_chart:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    return titles, " | ".join(words)


def test_a_long_record_goes_on_over_slides_and_pages(company: Company, planned: RankingRun) -> None:
    export = export_of(planned, QueryDict(), company.leader)
    export.record["decisions"] = export.record["decisions"] * 70
    file = io.BytesIO()
    WRITERS["pptx"](export, file)
    titles, words = slides(file.getvalue())
    assert titles.count("Decisions") == 5
    assert "The first 25 of 70; the other files have all." in words
    export = export_of(planned, QueryDict(), company.leader)
    export.record["decisions"] = export.record["decisions"] * 70
    file = io.BytesIO()
    WRITERS["pdf"](export, file)
    pages = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(file).pages)
    assert pages.count(REASON) == 60
    assert "The first 60 of 70; the other files have all." in pages


def test_dots_stand_on_their_side_of_the_line(company: Company, planned: RankingRun) -> None:
    deck = Presentation(io.BytesIO(as_file("pptx", planned, company.leader)))
    [scatter] = [shape.chart for shape in deck.slides[2].shapes if shape.has_chart]
    inside, outside = scatter.plots[0].series
    assert (len(list(inside.values)), len(list(outside.values))) == (2, 0)


@pytest.mark.parametrize("kind", ["xlsx", "json", "pdf", "pptx"])
def test_files_with_a_record_are_valid(
    planned: RankingRun,
    written: Callable[[str], Path],
    kind: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("verify_export", written(kind))
    assert "valid: 3 rows as in run" in capsys.readouterr().out


def test_a_decision_that_was_rewritten_is_named(
    planned: RankingRun, written: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("xlsx")
    book = openpyxl.load_workbook(path)
    book["Decisions"]["C2"].value = "Decline"
    del book["Funded by the plan"]
    book.save(path)
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    reference = Proposal.objects.get(title="Second").reference
    assert capsys.readouterr().err.splitlines() == [
        "Funded by the plan: 0 rows should be 2.",
        f"Decisions, {reference}, Decision: “Decline” should be “Greenlight with conditions”.",
    ]


def test_a_slide_that_was_rewritten_is_found(
    planned: RankingRun, written: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("pptx")
    deck = Presentation(str(path))
    deck.slides[0].shapes.title.text_frame.text = "Ours alone"
    deck.save(str(path))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    assert "The slides were altered." in capsys.readouterr().err


def test_slides_of_others_carry_no_seal(tmp_path: Path) -> None:
    path = tmp_path / "other.pptx"
    Presentation().save(str(path))
    with pytest.raises(CommandError, match="The slides do not carry the seal of a run"):
        call_command("verify_export", path)


def test_a_leader_saves_slides_from_the_menu(
    company: Company, planned: RankingRun, leader: Client
) -> None:
    assert b"/backlog/export/pptx/" in leader.get("/backlog/").content
    response = leader.get("/backlog/export/pptx/")
    assert response["Content-Disposition"].endswith('.pptx"')
    titles, _ = slides(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert "Exceptions of the plan" in titles
