"""Figures of segments: who keeps them, whom they concern, how they come in and go out."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from projects.customers.selectors import newest_figures
from projects.models import AuditEntry, Notification, Segment, SegmentFigure
from tests.company import Company
from tests.contract import Api
from tests.pages import markup, signed_in, text, words


def test_the_newest_day_counts_and_of_one_day_the_last_entry(company: Company) -> None:
    company.figure(as_of=date(2026, 3, 1), margin=3)
    company.figure(as_of=date(2026, 1, 1), margin=1)
    assert [figure.margin for figure in newest_figures()] == [3]
    company.figure(as_of=date(2026, 3, 1), margin=4)
    company.figure("Retirees", margin=9)
    assert [figure.margin for figure in newest_figures()] == [4, 9]


def test_the_same_figures_are_kept_once(company: Company) -> None:
    first = company.figure()
    assert company.figure(" families ").pk == first.pk
    assert Segment.objects.filter(name__iexact="families").count() == 1
    assert AuditEntry.objects.filter(action="figures.record").count() == 1


@pytest.mark.parametrize("who", ["panelist", "curator", "leader"])
def test_only_marketing_and_cx_keep_figures(company: Company, who: str) -> None:
    person = getattr(company, who)
    person.team.function = "finance"
    person.team.save()
    with pytest.raises(PermissionDenied, match="Marketing and CX keep what is known"):
        company.figure(actor=person)
    client = signed_in(person)
    assert client.get("/segments/figures/").status_code == 403
    assert "Add figures" not in text(client.get("/segments/"))
    company.figure(actor=company.admin)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"retention": Decimal("1.2")}, "retention"),
        ({"customers": -1}, "customers"),
        ({"acquisition_cost": -1}, "acquisition_cost"),
        ({"source": ""}, "source"),
        ({"as_of": timezone.localdate() + timedelta(days=2)}, "as_of"),
    ],
)
def test_wrong_figures_are_refused(company: Company, values: dict[str, Any], field: str) -> None:
    before = Segment.objects.count()
    with pytest.raises(ValidationError) as refused:
        company.figure("New ones", **values)
    assert set(refused.value.message_dict) == {field}
    assert Segment.objects.count() == before
    assert not AuditEntry.objects.filter(action="figures.record").exists()


def test_owners_of_what_rests_on_older_figures_are_asked_once(company: Company) -> None:
    proposal = company.submitted(
        "Card offer", money=company.worked_out(company.figure(), "retention")
    )
    company.submitted("Another", money=company.worked_out(company.figure("Retirees"), "retention"))
    Notification.objects.all().delete()
    company.figure(as_of=date(2025, 1, 1), margin=7)  # older: it does not count
    assert not Notification.objects.exists()
    company.figure(margin=120, actor=company.cx)
    (line,) = Notification.objects.all()
    assert (line.recipient, line.url) == (company.marketing, f"/proposals/{proposal.pk}/")
    assert line.text == (
        "There are newer figures of Families. “Card offer” rests on older ones and stays as it "
        "is: edit its money if it should rest on the new ones."
    )


# ---------------------------------------------------------------- the pages


def test_a_segment_says_what_each_proposal_would_be_on_the_newest_figures(
    company: Company,
) -> None:
    company.submitted("Old", money=company.worked_out(company.figure(), "retention"))
    newest = company.figure(margin=200, retention=Decimal("0.9"))
    company.submitted("New", money=company.worked_out(newest, "retention"))
    own = {"yearly_retention": Decimal("0.4"), "because": "They asked for their papers."}
    first = SegmentFigure.objects.order_by("pk")[0]
    company.submitted("Own", money=company.worked_out(first, "retention", **own))
    page = words(signed_in(company.leader).get(f"/segments/{newest.segment_id}/"))
    assert "Old Retention: margin from customers kept per year 31 Jan 2026 2,000 EUR 2,000" in page
    assert "EUR 2,000 90 % kept" in page  # 500 x 0.1 x 0.2 x 200
    assert (
        "New Retention: margin from customers kept per year 31 Jan 2026 2,000 EUR the same" in page
    )
    assert "Own Retention: margin from customers kept per year 31 Jan 2026 6,000 EUR 12,000" in page


def test_a_draft_of_others_stays_out_of_the_segments_page(company: Company) -> None:
    figure = company.figure()
    company.draft("Veiled", money=company.worked_out(figure, "retention"))
    path = f"/segments/{figure.segment_id}/"
    assert "Veiled" in text(signed_in(company.marketing_mate).get(path))
    for stranger in (company.other_marketing, company.leader, company.panelist):
        page = text(signed_in(stranger).get(path))
        assert "Veiled" not in page
        assert "No proposal that you can see is worked out from this segment." in page


def test_queries_do_not_grow_with_figures_and_proposals(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(company.leader), []
    for name in "ABC":
        figure = company.figure(name)
        company.figure("All", margin=ord(name))
        company.submitted(name, money=company.worked_out(figure, "retention"))
        everybody = SegmentFigure.objects.filter(segment__name="All").order_by("pk").last()
        assert everybody is not None
        company.submitted(f"On all {name}", money=company.worked_out(everybody, "retention"))
        for path in ("/segments/", f"/segments/{everybody.segment_id}/"):
            with django_assert_max_num_queries(20) as seen:
                client.get(path)
            counts.append(len(seen))
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3


def rows(*values: dict[str, str]) -> dict[str, str]:
    plain = {
        "name": "Families",
        "customers": "520 000",
        "margin": "210",
        "retention": "93",
        "acquisition_cost": "",
        "currency": "EUR",
        "as_of": "2026-05-31",
        "source": "Ledger",
    }
    form = {"figures-TOTAL_FORMS": str(len(values)), "figures-INITIAL_FORMS": "0"}
    for place, changed in enumerate(values):
        form |= {f"figures-{place}-{name}": value for name, value in (plain | changed).items()}
    return form


def test_figures_are_typed_and_kept(company: Company) -> None:
    client = signed_in(company.cx)
    answer = client.post("/segments/figures/", rows({}, {"name": "Retirees"}), follow=True)
    assert "Figures of 2 segments are kept." in text(answer)
    first, second = newest_figures()
    assert (first.segment.name, second.segment.name) == ("Families", "Retirees")
    assert (first.customers, first.retention, first.currency) == (520_000, Decimal("0.93"), "EUR")
    assert first.entered_by == company.cx


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([{"retention": "930"}], "Give per cent, from 0 to 100."),
        ([{"name": ""}], "This field is required."),
        ([{}, {"name": "families"}], "Each segment once, please."),
        ([{"as_of": "2999-01-01"}], "This day is still to come."),
    ],
)
def test_a_wrong_row_keeps_nothing_and_comes_back(
    company: Company, values: list[dict[str, str]], message: str
) -> None:
    answer = signed_in(company.cx).post("/segments/figures/", rows(*values))
    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="520 000"' in markup(answer)
    assert not SegmentFigure.objects.exists()


def upload(client: Client, content: str, **said: str) -> Any:
    file = BytesIO(content.encode())
    file.name = "list.csv"
    plain = {"amount_months": "1", "margin": "100", "left_months": "12", "read": "1"}
    return client.post("/segments/figures/", plain | {"file": file} | said)


CUSTOMERS = """id,contract,monthly,churn
1,Monthly,20,Yes
2,Monthly,40,No
3,Yearly,50.5,No
4,Monthly,30,yes
5,Monthly,30,No
"""
NAMED = {"segment": "contract", "amount": "monthly", "left": "churn"}


def first_values(answer: Any, place: int) -> dict[str, str]:
    row = answer.context["rows"].forms[place]
    return {name: str(row[name].value()) for name in ("name", "customers", "margin", "retention")}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {"customers": "4", "margin": "360", "retention": "50"}),
        ({"margin": "50"}, {"customers": "4", "margin": "180", "retention": "50"}),
        ({"amount_months": "12"}, {"customers": "4", "margin": "30", "retention": "50"}),
        # half of them within a quarter: 0.5 to the power of 4
        ({"left_months": "3"}, {"customers": "4", "margin": "360", "retention": "6.25"}),
    ],
)
def test_a_list_of_customers_gives_figures_to_look_at(
    company: Company, said: dict[str, str], expected: dict[str, str]
) -> None:
    answer = upload(signed_in(company.cx), CUSTOMERS, **NAMED | said)
    assert answer.status_code == 200
    assert first_values(answer, 0) == {"name": "Monthly"} | expected
    assert first_values(answer, 1)["retention"] == "100"
    assert not SegmentFigure.objects.exists()  # only looked at


def test_the_file_that_is_given_out_can_be_read_back(company: Company) -> None:
    figure = company.figure("=Families", acquisition_cost=Decimal("160.50"), currency="USD")
    client = signed_in(company.marketing)
    content = client.get("/segments/segments.csv").content.decode()
    assert content.splitlines()[1] == ("'=Families,1000,100.00,0.8000,160.50,USD,2026-01-31,Ledger")
    answer = upload(client, content)
    row = answer.context["rows"].forms[0]
    assert {name: str(row[name].value()) for name in row.fields} == {
        "name": "=Families",
        "customers": "1,000",
        "margin": "100",
        "retention": "80",
        "acquisition_cost": "160.50",
        "currency": "USD",
        "as_of": "2026-01-31",
        "source": "Ledger",
    }
    assert figure.retention == Decimal("0.8")


def test_a_list_keeps_its_own_decimal_sign(company: Company) -> None:
    content = "segment;customers;margin;retention\nA;1.200;180,55;0,93\nB;900;1.210,4;0,8\n"
    answer = upload(signed_in(company.cx), content)
    assert first_values(answer, 0) == {
        "name": "A",
        "customers": "1,200",
        "margin": "180.55",
        "retention": "93",
    }
    assert first_values(answer, 1)["margin"] == "1,210.40"


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        (CUSTOMERS, {}, "There is no column “”. There are: id, contract, monthly, churn."),
        (CUSTOMERS.replace("No", "Perhaps", 1), NAMED, "Row 3: “perhaps” is neither yes nor no."),
        (CUSTOMERS.replace("40", "much"), NAMED, "Row 3: “much” is not an amount."),
        (CUSTOMERS.replace("Yearly", ""), NAMED, "Row 4 names no segment."),
        (
            "segment,customers,margin,retention\nA,1.500,2,1\n",
            {},
            "can be read in two ways",
        ),
        ("id,contract,monthly,churn\n", NAMED, "The file has no row below the column names."),
        (
            "segment,customers,margin,retention,as_of\nA,1,2,0.5,May\n",
            {},
            "Row 2, as_of: “May” cannot be read. Write days as 2026-05-31.",
        ),
        (
            "segment,customers,margin,retention\n" + "".join(f"S{n},1,2,0.5\n" for n in range(41)),
            {},
            "41 segments are too many to look at. 40 at once.",
        ),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    company: Company, content: str, said: dict[str, str], message: str
) -> None:
    answer = upload(signed_in(company.cx), content, **said)
    assert answer.status_code == 422
    assert message in text(answer)


# ---------------------------------------------------------------- the API


def test_the_api_keeps_and_lists_figures(company: Company) -> None:
    api = Api(company.marketing)
    body = {
        "segment": "Students",
        "as_of": "2026-05-31",
        "customers": 210_000,
        "margin": "45.00",
        "retention": "0.8600",
        "acquisition_cost": None,
        "source": "Ledger",
    }
    made = api.send("POST", "/segment-figures/", body)
    assert made.status_code == 201
    assert api.send("POST", "/segment-figures/", body).json() == made.json()
    assert body.items() <= made.json().items()
    assert made.json()["currency"] == "EUR"
    company.figure()
    segment = Segment.objects.get(name="Students")
    listed = api.read(f"/segment-figures/?segment={segment.pk}")
    assert listed["results"] == [made.json()]
    wrong = api.send("POST", "/segment-figures/", body | {"retention": "1.5"})
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"retention"})
