"""Further answers: written in a step, found in the list, read by programs, brought in by lists."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.imports.services import read_table
from projects.imports.services.guess import guess
from projects.imports.services.load import import_proposals
from projects.models import CustomField, Proposal
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words
from tests.projects.proposals.answering import STEPS, answered, field, given

pytestmark = pytest.mark.django_db
STEP = "/proposals/{}/edit/more/"


class TestWriting:
    def test_without_fields_there_is_no_such_step(self, company: Company) -> None:
        proposal, client = company.draft(), signed_in(company.marketing)
        assert client.get(STEP.format(proposal.pk)).status_code == 404
        assert "Further answers" not in words(client.get(f"/proposals/{proposal.pk}/edit/basics/"))

    def test_a_step_asks_them_and_the_page_shows_them(
        self, company: Company, asked: dict[str, CustomField]
    ) -> None:
        proposal, client = company.draft(), signed_in(company.marketing)
        page = client.get(STEP.format(proposal.pk))
        assert "Further answers 4 missing" in words(page)
        said = {
            "version": 1,
            "answers-TOTAL_FORMS": 4,
            "answers-INITIAL_FORMS": 0,
            f"answers-{asked['readiness'].pk}-value": "Idea",
            f"answers-{asked['seats'].pk}-value": "1 200,5",
            f"answers-{asked['launch'].pk}-value": "2027-03-01",
        }
        saved = client.post(STEP.format(proposal.pk), said)
        assert saved.headers["Location"] == f"/proposals/{proposal.pk}/"
        assert given(proposal) == {
            "readiness": "Idea",
            "seats": "1200.5",
            "launch": "2027-03-01",
        }
        html = client.get(STEP.format(proposal.pk)).content.decode()
        assert 'value="1,200.50"' in html
        assert '<option value="Idea" selected>' in html
        shown = words(client.get(f"/proposals/{proposal.pk}/"))
        assert "Readiness Idea Seats 1,200.50 Launch" in shown

    def test_a_wrong_answer_stays_as_it_was_typed(
        self, company: Company, asked: dict[str, CustomField]
    ) -> None:
        proposal, client = company.draft(), signed_in(company.marketing)
        said = {
            "version": 1,
            "answers-TOTAL_FORMS": 400,
            "answers-INITIAL_FORMS": 0,
            f"answers-{asked['readiness'].pk}-value": "Launched",
            f"answers-{asked['seats'].pk}-value": "many",
        }
        page = client.post(STEP.format(proposal.pk), said)
        assert page.status_code == 422
        assert "“Launched” is none of Idea" in words(page)
        assert 'value="many"' in page.content.decode()
        assert given(proposal) == {}

    def test_closed_ones_are_asked_no_more_and_keep_their_answers(
        self, company: Company, asked: dict[str, CustomField]
    ) -> None:
        one, client = answered(company.draft(), vendor="Us"), signed_in(company.marketing)
        CustomField.objects.update(is_closed=True)
        other = company.draft("Other")
        assert client.get(STEP.format(other.pk)).status_code == 404
        said = {
            "version": one.version,
            "answers-TOTAL_FORMS": 1,
            "answers-INITIAL_FORMS": 0,
            f"answers-{asked['vendor'].pk}-value": "Us",
        }
        assert client.post(STEP.format(one.pk), said).status_code == 302
        assert given(one) == {"vendor": "Us"}

    def test_only_the_type_that_it_is_for_is_asked(self, company: Company) -> None:
        field(category="app")
        client = signed_in(company.marketing)
        assert client.get(STEP.format(company.draft().pk)).status_code == 404
        app = company.draft("App", category="app")
        assert client.get(STEP.format(app.pk)).status_code == 200

    def test_it_takes_as_many_queries_for_three_as_for_one(self, company: Company) -> None:
        proposal, client, counted = company.draft(), signed_in(company.marketing), []
        for key in ("one", "two", "three"):
            field(key)
            answered(
                proposal, **dict.fromkeys(CustomField.objects.values_list("key", flat=True), "Idea")
            )
            with CaptureQueriesContext(connection) as queries:
                client.get(STEP.format(proposal.pk))
            counted.append(len(queries))
        assert counted[0] == counted[2]


class TestReading:
    @pytest.mark.usefixtures("asked")
    def test_the_list_is_filtered_by_what_was_chosen(self, company: Company) -> None:
        answered(company.draft("Ready"), readiness="Tested with customers")
        answered(company.draft("Young"), readiness="Idea")
        hidden = company.draft("Hidden", marketing=company.other_marketing, cx=company.other_cx)
        answered(hidden, readiness="Idea")
        page = signed_in(company.marketing).get("/proposals/", {"answer": "readiness:Idea"})
        shown = words(page)
        assert "Young" in shown
        assert "1 you can see" in shown
        assert '<option value="readiness:Idea" selected>' in page.content.decode()
        api = Api(company.marketing)
        found = api.read("/proposals/?answer=readiness:Tested with customers")["results"]
        assert [row["title"] for row in found] == ["Ready"]
        assert api.read("/proposals/?answer=nonsense")["count"] == 0

    @pytest.mark.usefixtures("asked")
    def test_programs_read_and_write_them(self, company: Company) -> None:
        proposal, api = company.draft(), Api(company.marketing)
        rows = api.read("/custom-fields/")["results"]
        assert [row["key"] for row in rows] == ["readiness", "vendor", "seats", "launch"]
        assert rows[0]["options"] == list(STEPS)
        said = {
            "answers": [{"field": "readiness", "value": "Idea"}, {"field": "seats", "value": "3"}]
        }
        made = api.send("PATCH", f"/proposals/{proposal.pk}/", said, version=1).json()
        assert made["answers"] == said["answers"]
        wrong = {"answers": [{"field": "nobody", "value": "Idea"}]}
        refused = api.send("PATCH", f"/proposals/{proposal.pk}/", wrong, version=2)
        assert refused.status_code == 400
        wrong = {"answers": [{"field": "readiness", "value": "Never"}]}
        refused = api.send("PATCH", f"/proposals/{proposal.pk}/", wrong, version=2)
        assert list(refusal_of(refused)) == ["answers.0.value"]

    @pytest.mark.usefixtures("asked")
    def test_they_go_out_as_a_list_and_come_in_by_one(self, company: Company) -> None:
        answered(company.draft("Out"), readiness="Idea", vendor="=HYPERLINK(1)", seats="-3.5")
        company.draft("Hidden", marketing=company.other_marketing, cx=company.other_cx)
        file = signed_in(company.marketing).get("/proposals/answers.csv")
        lines = file.content.decode().splitlines()
        assert (
            lines[0] == "reference,title,answer_readiness,answer_vendor,answer_seats,answer_launch"
        )
        assert len(lines) == 2
        assert lines[1].endswith(",Out,Idea,'=HYPERLINK(1),'-3.5,")
        texts = "problem,customer_job,marketing_part,cx_part"
        head = f"{lines[0]},marketing_owner,cx_owner,{texts}"
        row = lines[1].replace(lines[1].split(",")[0], "N-1") + ",marketing,cx,A,B,C,D"
        report = import_list(company, head, row.replace("Out", "In"))
        assert report.errors == []
        assert given(Proposal.objects.get(title="In")) == {
            "readiness": "Idea",
            "vendor": "=HYPERLINK(1)",
            "seats": "-3.5",
        }

    @pytest.mark.parametrize(
        ("column", "cell", "text"),
        [
            ("answer_readiness", "Never", "“Never” is none of Idea"),
            ("answer_seats", "many", "is not an amount"),
            ("answer_launch", "someday", "is not a date"),
            ("answer_nobody", "x", "There is no custom field “nobody”."),
        ],
    )
    @pytest.mark.usefixtures("asked")
    def test_a_wrong_cell_is_named(
        self, company: Company, column: str, cell: str, text: str
    ) -> None:
        texts = "problem,customer_job,marketing_part,cx_part"
        head = f"reference,title,marketing_owner,cx_owner,{texts},{column}"
        report = import_list(company, head, f"N-1,In,marketing,cx,A,B,C,D,{cell}")
        (error,) = report.errors
        assert (error.row, error.column) == (2, column)
        assert text in error.message
        assert not Proposal.objects.exists()

    def test_a_column_is_guessed_by_its_name(self) -> None:
        made = [field(name="How ready it is"), field("seats", "number", name="Seats needed")]
        found = guess(["Title", "how ready it is", "answer.seats"], made)
        assert found["how ready it is"] == "answer.readiness"
        assert guess(["Seats needed"], made) == {"Seats needed": "answer.seats"}


def import_list(company: Company, head: str, row: str) -> Any:
    return import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=read_table(io.BytesIO(f"{head}\n{row}\n".encode()), "list.csv"),
        attestation="Both agreed",
    )
