"""What a company asks of its proposals beside what every proposal says."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from projects.imports.services import read_table
from projects.imports.services.guess import guess
from projects.imports.services.load import import_proposals
from projects.models import CustomField, FieldValue, Proposal
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import Change, Collision, copy_proposal, update_proposal
from scoring.backlog.services.run_changes import number_changes
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

pytestmark = pytest.mark.django_db
STEP = "/proposals/{}/edit/more/"
STEPS = ("Idea", "Researched", "Tested with customers")


def field(key: str = "readiness", kind: str = "choice", **values: Any) -> CustomField:
    options = "\n".join(STEPS) if kind == "choice" else ""
    said = {"key": key, "name": key.title(), "kind": kind, "choices": options} | values
    made = CustomField(**said)
    made.full_clean()
    made.save()
    return made


@pytest.fixture
def asked(db: None) -> dict[str, CustomField]:
    return {
        "readiness": field(position=1),
        "vendor": field("vendor", "text", position=2),
        "seats": field("seats", "number", position=3),
        "launch": field("launch", "date", position=4),
    }


def answered(proposal: Proposal, **said: str) -> Proposal:
    rows = [
        FieldValue(field=CustomField.objects.get(key=key), value=text) for key, text in said.items()
    ]
    return update_proposal(
        actor=proposal.marketing_owner,
        proposal=proposal,
        change=Change(answers=rows),
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )


def given(proposal: Proposal) -> dict[str, str]:
    return dict(proposal.answers.values_list("field__key", "value"))


def text_of(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())


class TestFields:
    @pytest.mark.parametrize(
        ("values", "name", "text"),
        [
            ({"choices": ""}, "choices", "Give what there is to choose, one a line."),
            ({"choices": "A\n B\nA "}, "choices", "Something stands here twice."),
            ({"choices": "A" * 1001}, "choices", "Up to 1000 characters a line."),
            ({"kind": "text", "choices": "A"}, "choices", "Only a choice has these."),
            ({"key": "not a key"}, "key", "valid"),
        ],
    )
    def test_bad_ones_are_refused_by_name(
        self, values: dict[str, str], name: str, text: str
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            field(**values)
        assert set(caught.value.message_dict) == {name}
        assert text in caught.value.message_dict[name][0]

    @pytest.mark.usefixtures("asked")
    @pytest.mark.parametrize("said", [{"name": "Other"}, {"key": "other"}])
    def test_key_and_name_are_each_its_own(self, said: dict[str, str]) -> None:
        with pytest.raises(ValidationError) as caught:
            field(**({"name": "Readiness"} | said))
        assert set(caught.value.message_dict) == {"name", "key"} - set(said)

    def test_a_choice_may_be_as_long_as_an_answer(self) -> None:
        assert field(choices="A" * 1000).options == ["A" * 1000]

    @pytest.mark.usefixtures("asked")
    def test_what_answers_rest_on_stays(self, company: Company) -> None:
        answered(company.draft(), readiness="Researched", seats="5")
        for change, text in (
            ({"key": "other"}, "so its key stays"),
            ({"choices": "Idea"}, "Proposals have chosen “Researched”, so it stays."),
        ):
            ready = CustomField.objects.get(key="readiness")
            for name, value in change.items():
                setattr(ready, name, value)
            with pytest.raises(ValidationError, match=text):
                ready.full_clean()
        seats = CustomField.objects.get(key="seats")
        seats.kind = "text"
        with pytest.raises(ValidationError, match="Close it, and ask anew"):
            seats.full_clean()
        with pytest.raises(ProtectedError):
            seats.delete()

    def test_what_nobody_chose_may_go_and_words_may_change(
        self, company: Company, asked: dict[str, CustomField]
    ) -> None:
        proposal = answered(company.draft(), readiness="Researched")
        before = text_of(proposal)
        ready = asked["readiness"]
        ready.choices, ready.name = "Researched\nLaunched", "How ready it is"
        ready.full_clean()
        ready.save()
        assert text_of(proposal) == before  # whoever signed it signed the same

    def test_they_are_kept_in_the_administration(self, company: Company) -> None:
        admin = signed_in(company.admin)
        said = {"key": "it", "name": "IT", "kind": "choice", "choices": "", "position": "0"}
        page = admin.post("/admin/projects/customfield/add/", said)
        assert "Give what there is to choose, one a line." in words(page)
        admin.post("/admin/projects/customfield/add/", said | {"choices": "Asked\nAgreed"})
        assert CustomField.objects.get().options == ["Asked", "Agreed"]


class TestAnswers:
    @pytest.mark.usefixtures("asked")
    def test_they_are_signed_with_the_text(self, company: Company) -> None:
        proposal = company.draft()
        before = text_of(proposal)
        assert "answers" not in before  # texts signed before it could be asked stay signed
        company.sign(proposal)
        answered(proposal, readiness="Idea", seats="1,250.50", launch="2027-03-01")
        after = text_of(proposal)
        assert after == before | {
            "answers": [
                {"field": "readiness", "value": "Idea"},
                {"field": "seats", "value": "1250.5"},
                {"field": "launch", "value": "2027-03-01"},
            ]
        }
        assert digest_of(after) != digest_of(before)
        assert not proposal.revisions.filter(signatures__voided_at=None).exists()

    @pytest.mark.parametrize(
        ("key", "value", "text"),
        [
            ("readiness", "Launched", "“Launched” is none of Idea, Researched, Tested"),
            ("seats", "many", "“many” is not an amount"),
            ("seats", "1.005", "Use at most twelve digits and two decimals."),
            ("seats", "9999999999999", "Use at most twelve digits and two decimals."),
            ("seats", "1000000000000", "Use at most twelve digits and two decimals."),
            ("seats", "nan", "is not an amount"),
            ("seats", "1e9", "is not an amount"),
            ("launch", "31.12.2026", "Write days as 2026-05-31."),
            ("vendor", "A" * 1001, "at most 1000 characters"),
            ("vendor", "", "cannot be blank"),
        ],
    )
    @pytest.mark.usefixtures("asked")
    def test_what_is_no_answer_is_refused_by_its_row(
        self, company: Company, key: str, value: str, text: str
    ) -> None:
        proposal = company.draft()
        with pytest.raises(ValidationError) as caught:
            answered(proposal, **{"vendor": "Us", key: value} if key != "vendor" else {key: value})
        place = 0 if key == "vendor" else 1
        assert set(caught.value.message_dict) == {f"answers.{place}.value"}
        assert text in caught.value.message_dict[f"answers.{place}.value"][0]
        assert given(proposal) == {}

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("999999999999.99", "999999999999.99"), ("-0", "0"), ("1.50", "1.5"), ("12 k", "12000")],
    )
    @pytest.mark.usefixtures("asked")
    def test_a_number_has_one_form(self, company: Company, typed: str, kept: str) -> None:
        assert given(answered(company.draft(), seats=typed)) == {"seats": kept}

    @pytest.mark.usefixtures("asked")
    def test_a_field_is_answered_once(self, company: Company) -> None:
        rows = [FieldValue(field=CustomField.objects.get(key="vendor"), value=x) for x in "ab"]
        with pytest.raises(ValidationError) as caught:
            update_proposal(
                actor=company.marketing,
                proposal=company.draft(),
                change=Change(answers=rows),
                expected_version=1,
            )
        assert caught.value.message_dict == {"answers.1.field": ["This is already in the list."]}

    @pytest.mark.usefixtures("asked")
    def test_two_who_answer_at_once_lose_nothing(self, company: Company) -> None:
        proposal = answered(company.draft(), readiness="Idea", vendor="Us")
        version = proposal.version
        answered(proposal, readiness="Researched", vendor="Us")
        mine = [
            FieldValue(field=CustomField.objects.get(key=key), value=value)
            for key, value in (("readiness", "Idea"), ("vendor", "Them"))
        ]
        update_proposal(
            actor=company.cx,
            proposal=proposal,
            change=Change(answers=mine),
            expected_version=version,
        )
        assert given(proposal) == {"readiness": "Researched", "vendor": "Them"}
        mine[0].value = "Tested with customers"
        with pytest.raises(Collision) as caught:
            update_proposal(
                actor=company.cx,
                proposal=proposal,
                change=Change(answers=mine),
                expected_version=version,
            )
        assert set(caught.value.fields) == {"answers: readiness"}

    @pytest.mark.usefixtures("asked")
    def test_a_copy_has_them(self, company: Company) -> None:
        proposal = answered(company.draft(), readiness="Idea", seats="2.25")
        made = copy_proposal(actor=company.marketing, proposal=proposal, creation_key=uuid4())
        assert given(made) == {"readiness": "Idea", "seats": "2.25"}

    def test_what_changed_between_two_texts_is_told(self, company: Company) -> None:
        field()
        proposal = answered(company.draft(), readiness="Idea")
        before = text_of(proposal)
        after = text_of(answered(proposal, readiness="Researched"))
        (told,) = number_changes(before, after)
        assert (told.name, told.before, told.after) == ("Answer: readiness", "Idea", "Researched")


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


class TestTypes:
    def test_those_of_the_framework_are_offered(self, company: Company) -> None:
        client, proposal = signed_in(company.marketing), company.draft()
        basics = f"/proposals/{proposal.pk}/edit/basics/"
        assert 'name="category"' not in client.get(basics).content.decode()
        draft = start_draft(actor=company.curator)
        spec = spec_of(draft) | {"summary": "Apps apart."}
        spec["profiles"] = [*spec["profiles"], {"key": "app", "name": "Apps"}]
        for dimension in spec["dimensions"]:
            dimension["weights"]["app"] = dimension["weights"][""]
        draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
        company.ratified(draft)
        page = client.get(basics).content.decode()
        assert '<option value="app">Apps</option>' in page
        owners = {"marketing_owner": company.marketing.pk, "cx_owner": company.cx.pk}
        said = {"title": "A", "category": "app", "version": 1} | owners
        assert client.post(basics, said).status_code == 302
        assert Proposal.objects.get().category == "app"
        refused = client.post(basics, said | {"category": "other", "version": 2})
        assert "Select a valid choice" in words(refused)

    def test_one_that_the_framework_no_longer_has_stays(self, company: Company) -> None:
        proposal = company.draft(category="old")
        basics = f"/proposals/{proposal.pk}/edit/basics/"
        page = signed_in(company.marketing).get(basics).content.decode()
        assert '<option value="old" selected>old</option>' in page


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
