"""What a company asks of its proposals beside what every proposal says."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from projects.models import CustomField, FieldValue
from projects.proposals.selectors import digest_of
from projects.proposals.services import Change, Collision, copy_proposal, update_proposal
from scoring.backlog.services.run_changes import number_changes
from tests.company import Company
from tests.pages import signed_in, words
from tests.projects.proposals.answering import answered, field, given, text_of

pytestmark = pytest.mark.django_db


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
