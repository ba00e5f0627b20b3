"""The charts' pages and files: what they say, who sees what, and that a file stands alone."""

from functools import partial
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import CustomerEffect, Evidence, JourneyStage, Segment
from scoring.backlog.charts.scale import Scale
from scoring.backlog.charts.scatter import Scatter
from scoring.backlog.views import charts
from scoring.backlog.views.chart_files import lay_out, style
from scoring.ranking.selectors import stored
from tests.company import Company
from tests.kept import kept
from tests.pages import come_in, markup

KINDS = ["roi-impact", "rank-intervals", "contributions", "coverage"]


def signed_in(company: Company, who: str = "leader") -> Client:
    client = Client()
    come_in(client, getattr(company, who))
    return client


def page(company: Company, kind: str, who: str = "leader") -> str:
    response = signed_in(company, who).get(f"/backlog/charts/{kind}/")
    assert response.status_code == 200
    return markup(response)


def file(company: Company, kind: str, who: str = "leader") -> str:
    response = signed_in(company, who).get(f"/backlog/charts/{kind}.svg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"].startswith(f'attachment; filename="{kind}-run-')
    return response.content.decode()


@pytest.fixture
def two(company: Company) -> Company:
    return kept("two to draw", partial(make_two, company))


def make_two(company: Company) -> Company:
    company.scored("Drawn & sealed", fit=100)
    company.scored("No money", money=[])
    company.rank()
    return company


def test_a_chart_that_is_not_there_is_not_found(two: Company) -> None:
    client = signed_in(two)
    assert client.get("/backlog/charts/nothing/").status_code == 404
    assert client.get("/backlog/charts/nothing.svg").status_code == 404


def test_the_two_lenses_say_the_same_in_words_chart_and_table(two: Company) -> None:
    html = page(two, "roi-impact")
    assert "1 proposal holds under both lenses, " in html
    assert "100 % enrichment" in html
    assert '">1 Drawn &amp; sealed</text>' in html
    assert "No money" not in html


def test_a_missing_number_is_hatched_and_named(two: Company) -> None:
    html = page(two, "contributions")
    assert 'fill="url(#not-scored)"' in html
    assert "not scored: Expected ROI (40 %)" in html
    assert html.count("No money") == 4


def test_every_cell_leads_to_its_proposals(two: Company) -> None:
    JourneyStage.objects.create(name="Complain", position=2)
    Segment.objects.filter(pk=two.segment.pk).update(name="Young & old")
    two.rank()
    html = page(two, "coverage")
    assert html.count("/backlog/?stage=Use&amp;segment=Young%20%26%20old") == 2
    assert "Nobody proposes anything for Complain." in html
    assert "nobody proposes anything for this stage" in html


def test_stage_and_segment_mean_the_same_effect(company: Company) -> None:
    """A proposal felt by students at one stage and by families at another is not in the cross."""
    later = JourneyStage.objects.create(name="Renew", position=2)
    students = Segment.objects.create(name="Students")

    def felt(stage: JourneyStage, segment: Segment) -> CustomerEffect:
        return CustomerEffect(
            stage=stage, segment=segment, reach=10, points=1, evidence=Evidence.USER
        )

    both = [felt(company.stage, company.segment), felt(later, students)]
    company.scored("Two effects", effects=both)
    company.rank()
    client = signed_in(company)
    for stage, segment, shown in (
        (company.stage, company.segment, True),
        (later, students, True),
        (company.stage, students, False),
    ):
        query = {"stage": stage.name, "segment": segment.name}
        assert ("Two effects" in client.get("/backlog/", query).content.decode()) is shown
    assert "Two effects" in client.get("/backlog/", {"segment": students.name}).content.decode()


def test_proposals_without_effects_stand_apart(company: Company) -> None:
    company.scored("Felt")
    company.scored("Not felt", effects=[])
    company.rank()
    html = page(company, "coverage")
    assert "Without a stated effect" in html
    assert "1 proposal says nothing about customers, so it stands in no cell." in html
    assert "Not felt" in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_stands_alone(two: Company, kind: str) -> None:
    text = file(two, kind)
    root = ET.fromstring(text)  # noqa: S314 - our own file, from this test
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    (title, about, styles) = list(root)[:3]
    assert title.text
    assert about.text
    assert styles.text == style()
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "a", "image", "use", "foreignObject"}
    run = two.cycle.runs.get()
    words = "".join(root.itertext())
    assert f"Run {run.pk}, " in words
    assert run.input_digest in words
    assert run.result_digest in words


def test_the_styles_of_a_file_need_nothing_else() -> None:
    rules = style()
    assert ".stream-1 { fill: #33288a; }" in rules
    for foreign in ("var(", "light-dark", ".chart", "url(", "@import"):
        assert foreign not in rules


def test_a_long_heading_breaks_into_lines_above_the_chart() -> None:
    small = Scatter(Scale(0, 1, 0, 1), Scale(0, 1, 0, 1), 0, [], [], 0, "In a word.", 440, 100)
    sheet = lay_out(small, "Why " * 20, ["Run 1", "Inputs", "Result"])
    assert sheet.width == 608
    assert [y for y, _ in sheet.heading] == [37, 63]
    assert sheet.reading == [(85, "In a word.")]
    assert (sheet.top, sheet.height) == (118, 300)
    assert [y for y, _ in sheet.seal] == [246, 264, 282]


def test_a_title_that_xml_cannot_hold_is_replaced(company: Company) -> None:
    company.scored("Bell \x07 & <b>bold</b>")
    company.rank()
    for kind in ("roi-impact", "rank-intervals", "contributions"):
        root = ET.fromstring(file(company, kind))  # noqa: S314 - our own file
        assert "Bell \ufffd & <b>bold</b>" in "".join(root.itertext())


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_first_run_and_before_the_first_proposal(company: Company, kind: str) -> None:
    assert "There is none before the first ranking run." in page(company, kind)
    assert signed_in(company).get(f"/backlog/charts/{kind}.svg").status_code == 404
    company.rank()
    assert "There is nothing to draw: " in page(company, kind)
    assert signed_in(company).get(f"/backlog/charts/{kind}.svg").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_one_proposal_and_equal_ones_are_drawn(company: Company, kind: str) -> None:
    for number in range(3):
        company.scored(f"Equal {number}")
        if number != 1:
            company.rank()
            assert "<svg" in page(company, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["leader", "panelist"])
def test_queries_do_not_grow_with_the_list(company: Company, kind: str, who: str) -> None:
    client, counts = signed_in(company, who), []
    for number in range(3):
        company.scored(f"Number {number}")
        if number != 1:
            company.rank()
            stored.forget()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/backlog/charts/{kind}/").status_code == 200
                assert client.get(f"/backlog/charts/{kind}.svg").status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_look_reads_no_results(company: Company, kind: str) -> None:
    for number in range(3):
        company.scored(f"Number {number}")
    company.rank()
    first = page(company, kind)
    client = signed_in(company)
    with CaptureQueriesContext(connection) as queries:
        again = markup(client.get(f"/backlog/charts/{kind}/"))
    assert again.split("<figure")[1] == first.split("<figure")[1]
    assert not [one for one in queries if "rankedproposal" in one["sql"]]


def test_a_stage_that_comes_is_drawn_at_once(company: Company) -> None:
    company.scored("Number 1")
    company.rank()
    client = signed_in(company)
    assert "Nobody waits" not in client.get("/backlog/charts/coverage/").content.decode()
    JourneyStage.objects.create(name="Nobody waits", position=99)
    assert "Nobody waits" in client.get("/backlog/charts/coverage/").content.decode()


def test_intervals_open_where_the_budget_ends(company: Company, monkeypatch) -> None:
    monkeypatch.setattr(charts, "PAGE", 2)
    for number in range(5):
        company.scored(f"Number {number}", fit=[100, 100, 25, 25, 0][number])
    company.rank()
    html = page(company, "rank-intervals")
    assert "1–2 of 5 proposals" in html
    assert "cut line" in html
    last = signed_in(company).get("/backlog/charts/rank-intervals/?page=3").content.decode()
    assert "5–5 of 5 proposals" in last
    assert "rank-intervals.svg?page=3" in last
