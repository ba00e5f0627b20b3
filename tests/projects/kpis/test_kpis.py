"""KPIs: one programme for both functions, values that are kept, and what proposals promise."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.kpis.selectors import courses_of
from projects.kpis.services import add_kpi, record_value
from projects.models import AuditEntry, Commitment, JourneyStage, Kpi, KpiValue, Proposal
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import (
    Change,
    Collision,
    copy_proposal,
    submit_proposal,
    update_proposal,
)
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, summary, words

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def a_kpi(company: Company, name: str = "There a year later", **said: Any) -> Kpi:
    values = {"definition": "Of 100, how many.", "unit": "%", "better": "higher"}
    values |= {"function": "cx", "source": "Ledger", "every": "year"} | said
    return add_kpi(actor=company.cx, kpi=Kpi(name=name, **values))


def stood(company: Company, kpi: Kpi, number: str, days_ago: int = 0) -> KpiValue:
    value = KpiValue(kpi=kpi, as_of=TODAY - DAY * days_ago, value=Decimal(number))
    return record_value(actor=company.cx, value=value)


def promise(kpi: Kpi, baseline: str = "70", target: str = "80", **said: Any) -> Commitment:
    values = {"due": date(2027, 6, 30), "answers": "both"} | said
    return Commitment(kpi=kpi, baseline=Decimal(baseline), target=Decimal(target), **values)


def written(company: Company, proposal: Proposal, *rows: Commitment, version: int = 0) -> Proposal:
    return update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(commitments=rows),
        expected_version=version or Proposal.objects.get(pk=proposal.pk).version,
    )


def text_of(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())


class TestRegister:
    def test_only_marketing_and_cx_keep_it(self, company: Company) -> None:
        kpi = a_kpi(company)
        for person in (company.panelist, company.leader):
            with pytest.raises(PermissionDenied):
                record_value(actor=person, value=KpiValue(kpi=kpi, as_of=TODAY, value=1))
            assert signed_in(person).get("/kpis/new/").status_code == 403
            assert "Keep this value" not in words(signed_in(person).get(f"/kpis/{kpi.pk}/"))

    def test_a_name_is_taken_once_and_everything_is_said(self, company: Company) -> None:
        a_kpi(company)
        with pytest.raises(ValidationError) as caught:
            a_kpi(company, definition="", better="wider")
        assert set(caught.value.message_dict) == {"name", "definition", "better"}

    def test_the_same_value_is_kept_once_and_a_correction_counts(self, company: Company) -> None:
        kpi = a_kpi(company)
        first = stood(company, kpi, "70", 9)
        assert stood(company, kpi, "70", 9) == first
        stood(company, kpi, "72", 9)
        stood(company, kpi, "75", 30)
        assert [(row.as_of, str(row.value)) for row in courses_of([kpi])[kpi.pk]] == [
            (TODAY - DAY * 30, "75.00"),
            (TODAY - DAY * 9, "72.00"),
        ]
        assert AuditEntry.objects.filter(action="kpi.value").count() == 3

    def test_a_value_is_kept_by_the_database_too(self, company: Company) -> None:
        value = stood(company, a_kpi(company), "70")
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            KpiValue.objects.filter(pk=value.pk).update(value=1)

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"as_of": str(TODAY + DAY)}, "as_of"),
            ({"as_of": ""}, "as_of"),
            ({"value": "lots"}, "value"),
            ({"value": "9" * 20}, "value"),
        ],
    )
    def test_a_wrong_value_is_named_and_kept_in_the_form(
        self, company: Company, said: dict[str, str], field: str
    ) -> None:
        kpi = a_kpi(company)
        sent = {"as_of": str(TODAY), "value": "70"} | said
        page = signed_in(company.cx).post(f"/kpis/{kpi.pk}/", sent)
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        assert not KpiValue.objects.exists()

    def test_a_form_makes_one_and_a_value(self, company: Company) -> None:
        client = signed_in(company.marketing)
        said = {"name": "Won", "definition": "New ones.", "unit": "people", "better": "higher"}
        said |= {"function": "marketing", "source": "Ledger", "every": "month", "stage": ""}
        page = client.post("/kpis/new/", said, follow=True)
        assert "“Won” is a KPI now." in words(page)
        kpi = Kpi.objects.get()
        page = client.post(f"/kpis/{kpi.pk}/", {"as_of": TODAY, "value": "1,250"}, follow=True)
        assert KpiValue.objects.get().value == 1250
        assert "1,250" in words(page)
        again = client.post("/kpis/new/", said)
        assert list(again.context["form"].errors) == ["name"]

    def test_the_programme_reads_in_the_order_of_the_journey(self, company: Company) -> None:
        later = JourneyStage.objects.create(name="Leave", position=9)
        for name, stage in (("C", later), ("B", company.stage), ("A", None)):
            a_kpi(company, name, stage=stage)
        rows = signed_in(company.leader).get("/kpis/").context["rows"]
        assert [str(kpi) for kpi, _, _ in rows] == ["A", "B", "C"]

    def test_the_room_shows_what_a_stage_stands_at(self, company: Company) -> None:
        kpi = a_kpi(company, stage=company.stage)
        a_kpi(company, "Without a value", stage=company.stage)
        stood(company, a_kpi(company, "Of no stage"), "11")
        for number, days_ago in (("70", 9), ("72", 3), ("73", 3), ("60", 30)):
            stood(company, kpi, number, days_ago)
        shown = {
            str(row.stage): [(str(value.kpi), value.value) for value in row.values]
            for row in signed_in(company.leader).get("/customers/").context["stages"]
        }
        assert shown[str(company.stage)] == [("There a year later", 73)]
        assert "There a year later : 73 %" in words(signed_in(company.leader).get("/customers/"))

    def test_the_file_holds_every_value_and_no_formula(self, company: Company) -> None:
        kpi = a_kpi(company, "=1+1")
        a_kpi(company, "Without a value")
        stood(company, kpi, "70", 2)
        stood(company, kpi, "71", 1)
        text = signed_in(company.panelist).get("/kpis/kpis.csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["name"], row["value"]) for row in rows] == [
            ("'=1+1", "70.00"),
            ("'=1+1", "71.00"),
            ("Without a value", ""),
        ]

    def test_the_file_comes_back_and_changes_nothing(self, company: Company) -> None:
        stood(company, a_kpi(company, "=1+1"), "70", days_ago=3)
        a_kpi(company, "Without a value")
        text = signed_in(company.cx).get("/kpis/kpis.csv").content
        file = SimpleUploadedFile("kpis.csv", text)
        page = signed_in(company.cx).post("/kpis/import/", {"file": file}, follow=True)
        assert "Kept: 1 value." in words(page)
        assert KpiValue.objects.count() == 1

    def test_values_come_in_from_a_list_all_or_none(self, company: Company) -> None:
        kpi, person = a_kpi(company), signed_in(company.cx)
        good = f"there a year later,{TODAY},71.5"
        lines = [
            "name,as_of,value",
            good,
            "Unknown,2026-01-31,1",
            f"{kpi},soon,1",
            f"{kpi},{TODAY},",
            f",{TODAY},1",
        ]
        file = SimpleUploadedFile("values.csv", "\n".join(lines).encode())
        page = person.post("/kpis/import/", {"file": file})
        assert [line.split(":")[0] for line in summary(page)] == [
            "row 3, name",
            "row 4, as_of",
            "row 5, value",
            "row 6, name",
        ]
        assert not KpiValue.objects.exists()
        file = SimpleUploadedFile("values.csv", "\n".join([lines[0], good]).encode())
        person.post("/kpis/import/", {"file": file})
        assert KpiValue.objects.get().value == Decimal("71.5")
        refused = signed_in(company.leader).get("/kpis/import/")
        assert refused.status_code == 403


class TestPromises:
    def test_they_are_part_of_the_signed_text(self, company: Company) -> None:
        kpi, proposal = a_kpi(company), company.draft()
        before = text_of(proposal)
        assert "commitments" not in before  # texts signed before there were any stay signed
        company.sign(proposal)
        written(company, proposal, promise(kpi))
        after = text_of(proposal)
        assert after == before | {
            "commitments": [
                {
                    "kpi": "There a year later",
                    "baseline": "70.00",
                    "target": "80.00",
                    "due": "2027-06-30",
                    "answers": "both",
                }
            ]
        }
        assert digest_of(after) != digest_of(before)
        assert not proposal.revisions.filter(signatures__voided_at=None).exists()

    @pytest.mark.parametrize(
        ("better", "target", "wrong"),
        [
            ("higher", "70", True),
            ("higher", "70.01", False),
            ("lower", "70", True),
            ("lower", "69.99", False),
        ],
    )
    def test_a_target_is_better_than_where_it_stands(
        self, company: Company, better: str, target: str, wrong: bool
    ) -> None:
        kpi, proposal = a_kpi(company, better=better), company.draft()
        if not wrong:
            written(company, proposal, promise(kpi, target=target))
            return
        with pytest.raises(ValidationError) as caught:
            written(company, proposal, promise(kpi, target=target))
        way = "more" if better == "higher" else "less"
        assert caught.value.message_dict == {
            "commitments.0.target": [f"Aim for {way} than it stands at."]
        }

    def test_three_at_most_and_each_once(self, company: Company) -> None:
        kpis, proposal = [a_kpi(company, f"KPI {n}") for n in range(4)], company.draft()
        written(company, proposal, *map(promise, kpis[:3]))
        with pytest.raises(ValidationError, match="Choose 3 at most"):
            written(company, proposal, *map(promise, kpis))
        with pytest.raises(ValidationError) as caught:
            written(company, proposal, promise(kpis[0]), promise(kpis[0]))
        assert list(caught.value.message_dict) == ["commitments.1.kpi"]

    def test_two_who_write_at_once_keep_both(self, company: Company) -> None:
        one, two, proposal = a_kpi(company, "One"), a_kpi(company, "Two"), company.draft()
        read = proposal.version
        written(company, proposal, promise(one), version=read)
        written(company, proposal, promise(two), version=read)
        assert [row["kpi"] for row in text_of(proposal)["commitments"]] == ["One", "Two"]

    def test_two_who_change_the_same_are_asked(self, company: Company) -> None:
        kpi, proposal = a_kpi(company), company.draft()
        read = written(company, proposal, promise(kpi)).version
        written(company, proposal, promise(kpi, target="90"), version=read)
        with pytest.raises(Collision) as caught:
            written(company, proposal, promise(kpi, target="85"), version=read)
        both = caught.value.fields["commitments: There a year later"]
        assert (both.mine["target"], both.theirs["target"]) == ("85.00", "90.00")

    def test_a_copy_takes_them_along(self, company: Company) -> None:
        proposal = company.draft()
        written(company, proposal, promise(a_kpi(company)))
        made = copy_proposal(actor=company.marketing, proposal=proposal, creation_key=uuid4())
        assert text_of(made)["commitments"] == text_of(proposal)["commitments"]

    def test_the_step_saves_them_and_shows_them(self, company: Company) -> None:
        kpi, proposal, client = a_kpi(company), company.draft(), signed_in(company.cx)
        path = f"/proposals/{proposal.pk}/edit/success/"
        assert "There a year later, %" in words(client.get(path))
        sent = {
            "version": proposal.version,
            "kpis-TOTAL_FORMS": 2,
            "kpis-INITIAL_FORMS": 0,
            "kpis-0-kpi": kpi.pk,
            "kpis-0-baseline": "70",
            "kpis-0-target": "60",
            "kpis-0-due": "2027-06-30",
            "kpis-0-answers": "cx",
            "kpis-1-kpi": "",
        }
        wrong = client.post(path, sent)
        assert wrong.status_code == 422
        assert "Aim for more than it stands at." in words(wrong)
        page = client.post(path, sent | {"kpis-0-target": "82.5"}, follow=True)
        assert page.redirect_chain[-1][0] == f"/proposals/{proposal.pk}/"
        row = Commitment.objects.get()
        assert (row.target, row.answers) == (Decimal("82.50"), "cx")
        assert "There a year later 70 % 82.5 %" in " ".join(words(page).split())

    def test_what_was_promised_is_told_as_reached_or_missed(self, company: Company) -> None:
        kpi = a_kpi(company)
        stood(company, kpi, "95", 40)  # before anything was promised: no success of theirs
        proposals = {}
        for title, due in (("Late", TODAY - DAY * 5), ("Open", TODAY + DAY * 30)):
            proposal = company.draft(title)
            written(company, proposal, promise(kpi, due=due))
            proposals[title] = proposal
        self.submit(company, *proposals.values())

        def standings() -> dict[str, str]:
            rows = signed_in(company.leader).get("/kpis/").context["rows"]
            return {one.row.proposal.title: one.standing for one in rows[0][2]}

        assert standings() == {"Late": "open", "Open": "open"}
        stood(company, kpi, "75", 10)
        assert standings() == {"Late": "missed", "Open": "open"}
        stood(company, kpi, "81", 1)  # too late for one of them
        assert standings() == {"Late": "missed", "Open": "reached"}

    def submit(self, company: Company, *proposals: Proposal) -> None:
        for proposal in proposals:
            company.sign(proposal)
            version = Proposal.objects.get(pk=proposal.pk).version
            submit_proposal(actor=company.marketing, proposal=proposal, expected_version=version)
        long_ago = timezone.now() - DAY * 20
        Proposal.objects.update(submitted_at=long_ago)

    def test_a_draft_of_others_is_not_shown(self, company: Company) -> None:
        kpi = a_kpi(company)
        hidden = company.draft("Veiled")
        written(company, hidden, promise(kpi))
        for person, seen in ((company.other_cx, False), (company.cx_mate, True)):
            for path in ("/kpis/", f"/kpis/{kpi.pk}/"):
                assert ("Veiled" in words(signed_in(person).get(path))) is seen

    def test_the_programme_asks_as_often_for_few_as_for_many(self, company: Company) -> None:
        client, counted = signed_in(company.leader), []
        for number in (1, 3):
            for place in range(number):
                kpi = a_kpi(company, f"KPI {number} {place}", stage=company.stage)
                stood(company, kpi, "70", 3)
                written(company, company.draft(f"P {number} {place}"), promise(kpi))
            client.get("/kpis/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/kpis/")
            counted.append(len(queries))
        assert counted[0] == counted[1]

    def test_the_interface_names_kpis_by_name(self, company: Company) -> None:
        a_kpi(company)
        proposal, api = company.draft(), Api(company.marketing)
        row = {"kpi": "There a year later", "baseline": "70.00", "target": "80.00"}
        row |= {"due": "2027-06-30", "answers": "both"}
        path = f"/proposals/{proposal.pk}/"
        answer = api.send("PATCH", path, {"commitments": [row]}, version=proposal.version)
        assert answer.json()["commitments"] == [row]
        wrong = {"commitments": [row | {"target": "1"}]}
        refused = api.send("PATCH", path, wrong, version=answer.json()["version"])
        assert refused.json()["errors"] == {
            "commitments.0.target": ["Aim for more than it stands at."]
        }
