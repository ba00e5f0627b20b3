"""Benefits that are worked out from a segment: the sum, what is refused, what owners sign."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from projects.models import MoneyLine, Proposal, SegmentFigure
from projects.proposals.models.streams import stream_of
from projects.proposals.selectors import content_of, estimates_of, with_content
from projects.proposals.services import Change, Collision, copy_proposal, update_proposal
from scoring.analysis.cashflow import flow_factor
from scoring.forecast.sums import preview
from tests.company import Company
from tests.contract import Api
from tests.pages import markup, signed_in, text, words

BENEFITS = ("acquisition", "retention", "enrichment", "cost_to_serve")


def amounts(line: MoneyLine) -> list[str]:
    return [str(amount) for amount in (line.low, line.likely, line.high)]


def benefit(proposal: Proposal) -> MoneyLine:
    return proposal.money.select_related("figure__segment").get(figure__isnull=False)


@pytest.mark.parametrize(
    ("kind", "values", "expected", "kept"),
    [
        # 500 reached, 50 / 100 / 150 of them become customers of 100 a year
        ("acquisition", {}, ["5000.00", "10000.00", "15000.00"], "0.8000"),
        # 500 reached, 100 would leave, 10 / 20 / 30 of those stay
        ("retention", {}, ["1000.00", "2000.00", "3000.00"], "0.8000"),
        ("enrichment", {"each": 7}, ["350.00", "700.00", "1050.00"], "0.8000"),
        ("cost_to_serve", {"each": 7}, ["350.00", "700.00", "1050.00"], None),
        # Those reached stay otherwise than their segment, and it is said why
        (
            "retention",
            {"yearly_retention": Decimal("0.4"), "because": "They asked for their papers."},
            ["3000.00", "6000.00", "9000.00"],
            "0.4000",
        ),
        # What each brings may be a loss
        ("enrichment", {"each": -7}, ["-1050.00", "-700.00", "-350.00"], "0.8000"),
    ],
)
def test_the_amounts_are_worked_out(
    company: Company, kind: str, values: dict[str, Any], expected: list[str], kept: str | None
) -> None:
    proposal = company.draft(money=company.worked_out(company.figure(), kind, **values))
    line = benefit(proposal)
    assert amounts(line) == expected
    assert (None if line.yearly_retention is None else str(line.yearly_retention)) == kept


def test_the_same_proposal_is_worth_more_where_fewer_leave(company: Company) -> None:
    """Same reach, share and margin at 5 and at 40 % churn: other customers, kept for longer."""
    sums = {}
    for kept in ("0.95", "0.6"):
        figure = company.figure(f"Kept {kept}", retention=Decimal(kept))
        for kind in ("acquisition", "retention"):
            proposal = company.draft(f"{kind} {kept}", money=company.worked_out(figure, kind))
            fresh = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
            shown = preview(fresh, company.version)
            factor = flow_factor(
                yearly_rate=float(company.version.discount_rate),
                horizon_months=36,
                yearly_retention=float(kept),
            )
            sums[kind, kept] = shown.benefit or 0.0
            customers = 100 if kind == "acquisition" else 100 * (1 - float(kept))
            assert shown.benefit == pytest.approx(customers * 100 * factor, rel=1e-12)
            (term,) = shown.streams
            assert term.stream is not None
            assert term.stream.retention == Decimal(kept)
    assert sums["acquisition", "0.95"] > sums["acquisition", "0.6"]  # they stay
    assert sums["retention", "0.6"] > sums["retention", "0.95"]  # there are more to save


@pytest.mark.parametrize(
    ("kind", "values", "errors"),
    [
        ("retention", {"reached": None}, {"reached": "Say how many are reached."}),
        ("retention", {"share_high": None}, {"share_high": "Say which share changes."}),
        (
            "retention",
            {"share_high": Decimal("0.05")},
            {"share_likely": "Low, likely and high must not decrease."},
        ),
        (
            "retention",
            {"reached": 1001},
            {"reached": "Families has 1,000 customers. Reach fewer."},
        ),
        (
            "retention",
            {"each": 5},
            {"each": "A customer who is won or kept is worth what its segment says."},
        ),
        ("enrichment", {}, {"each": "Say what one customer who changes is worth in a year."}),
        (
            "acquisition",
            {"yearly_retention": Decimal("0.9")},
            {"because": "Say why they do not stay as Families do."},
        ),
        (
            "running_cost",
            {},
            {"figure": "A cost is stated. Only a benefit is worked out from a segment."},
        ),
        (
            "retention",
            {"figure": None, "low": 1, "likely": 1, "high": 1},
            dict.fromkeys(
                ("reached", "share_low", "share_likely", "share_high"),
                "Choose the segment that this is worked out from.",
            ),
        ),
    ],
)
def test_a_wrong_part_is_named(
    company: Company, kind: str, values: dict[str, Any], errors: dict[str, str]
) -> None:
    lines = company.worked_out(company.figure(), kind, **values)
    if kind == "running_cost":
        lines[1].low = lines[1].likely = lines[1].high = Decimal(1)
    with pytest.raises(ValidationError) as refused:
        company.draft(money=lines)
    assert refused.value.message_dict == {
        f"money.1.{name}": [message] for name, message in errors.items()
    }
    assert not Proposal.objects.exists()


def test_new_customers_may_be_more_than_the_segment_has(company: Company) -> None:
    """Who is to be won is no customer yet."""
    lines = company.worked_out(company.figure(), "acquisition", reached=50_000)
    assert benefit(company.draft(money=lines)).likely == 1_000_000


def test_figures_in_another_currency_are_refused(company: Company) -> None:
    figure = company.figure(currency="USD")
    with pytest.raises(ValidationError) as refused:
        company.draft(money=company.worked_out(figure, "retention"))
    assert refused.value.message_dict == {
        "money.1.figure": ["Its figures are in USD; this cycle counts in EUR."]
    }


def test_owners_sign_every_part_of_the_sum(company: Company) -> None:
    figure = company.figure()
    proposal = company.draft(money=company.worked_out(figure, "retention", because="A trial."))
    content = content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())
    line = content["money"][1]
    assert line["stream"] == {
        "figure": figure.pk,
        "segment": "Families",
        "as_of": "2026-01-31",
        "margin": "100.00",
        "retention": "0.8000",
        "reached": 500,
        "low": "0.1000",
        "likely": "0.2000",
        "high": "0.3000",
        "each": None,
        "because": "A trial.",
    }
    assert "stream" not in content["money"][0]
    assert estimates_of(Proposal.objects.all())[proposal.pk]["money"] == content["money"]
    stream = stream_of(line)
    assert stream is not None
    assert stream == benefit(proposal).stream
    assert [str(amount) for amount in stream.amounts] == [line["low"], line["likely"], line["high"]]


def test_estimates_take_as_many_queries_for_three_as_for_one(
    company: Company, django_assert_num_queries: Any
) -> None:
    for name in "ABC":
        company.draft(name, money=company.worked_out(company.figure(name), "retention"))
        with django_assert_num_queries(6):
            estimates_of(Proposal.objects.all())


def test_newer_figures_leave_a_signed_text_alone(company: Company) -> None:
    figure = company.figure()
    proposal = company.submitted(money=company.worked_out(figure, "retention"))
    company.figure(margin=400)
    assert benefit(proposal).likely == 2_000
    assert len([row for row in proposal.revisions.get().signatures.all() if not row.voided_at]) == 2


def test_taking_newer_figures_works_the_amounts_out_again(company: Company) -> None:
    proposal = company.draft(money=company.worked_out(company.figure(), "retention"))
    company.sign(proposal, company.cx)
    newer = company.figure(margin=400, retention=Decimal("0.5"))
    update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(money=company.worked_out(newer, "retention")),
        expected_version=1,
    )
    assert benefit(proposal).likely == 500 * Decimal("0.5") * Decimal("0.2") * 400
    assert proposal.revisions.get().signatures.get().voided_at


def test_two_who_work_out_the_same_line_at_once_collide(company: Company) -> None:
    """Rows are compared with their amounts, which only the parts were sent of."""
    figure = company.figure()
    proposal = company.draft(money=company.worked_out(figure, "retention"))

    def save(actor: Any, reached: int, version: int) -> Proposal:
        lines = company.worked_out(figure, "retention", reached=reached)
        return update_proposal(
            actor=actor, proposal=proposal, change=Change(money=lines), expected_version=version
        )

    save(company.marketing, 600, 1)
    with pytest.raises(Collision):
        save(company.cx, 700, 1)
    assert save(company.cx, 500, 1).money.get(figure=figure).reached == 600  # not changed by CX


def test_a_copy_rests_on_the_same_figures(company: Company) -> None:
    figure = company.figure()
    proposal = company.draft(money=company.worked_out(figure, "retention"))
    copied = copy_proposal(actor=company.cx, proposal=proposal, creation_key=uuid4())
    assert benefit(copied).stream == benefit(proposal).stream


@pytest.mark.parametrize("values", [{"reached": None}, {"share_likely": Decimal("0.9")}])
def test_the_database_refuses_half_a_sum(company: Company, values: dict[str, Any]) -> None:
    company.draft(money=company.worked_out(company.figure(), "retention"))
    with pytest.raises(DatabaseError), transaction.atomic():
        MoneyLine.objects.filter(figure__isnull=False).update(**values)


def test_the_database_refuses_to_change_figures(company: Company) -> None:
    company.figure()
    with pytest.raises(DatabaseError), transaction.atomic():
        SegmentFigure.objects.update(margin=1)


# ---------------------------------------------------------------- the doors


def form_of(figure: SegmentFigure, /, **values: str) -> dict[str, str]:
    row = {
        "kind": "retention",
        "label": "Who stays",
        "figure": str(figure.pk),
        "reached": "500",
        "share_low": "10",
        "share_likely": "20",
        "share_high": "30 %",
    } | values
    management = {"money-TOTAL_FORMS": "1", "money-INITIAL_FORMS": "0"}
    rows = {f"money-0-{name}": value for name, value in row.items()}
    return {"version": "1", "horizon_months": "36", "stay": "1"} | management | rows


def test_the_form_takes_the_parts_in_per_cent(company: Company) -> None:
    figure, proposal = company.figure(), company.draft()
    path, client = f"/proposals/{proposal.pk}/edit/money/", signed_in(company.marketing)
    assert client.post(path, form_of(figure)).status_code == 302
    assert amounts(benefit(proposal)) == ["1000.00", "2000.00", "3000.00"]
    page = markup(client.get(path))
    assert 'name="money-0-share_likely" value="20"' in page
    assert 'name="money-0-yearly_retention" value' not in page  # it is the segment's
    assert "Families, figures of 31 Jan 2026" in page


def test_the_form_offers_the_newest_figures_and_the_ones_in_use(company: Company) -> None:
    used = company.figure()
    proposal = company.draft(money=company.worked_out(used, "retention"))
    newest, other = company.figure(margin=110), company.figure("Retirees")
    unused = company.figure("Students", as_of=used.as_of.replace(year=2025))
    counting = company.figure("Students")
    page = markup(signed_in(company.cx).get(f"/proposals/{proposal.pk}/edit/money/"))
    offered = {
        pk
        for pk in SegmentFigure.objects.values_list("pk", flat=True)
        if f'<option value="{pk}"' in page
    }
    assert offered == {used.pk, newest.pk, other.pk, counting.pk}
    assert unused.pk not in offered
    assert f'<option value="{used.pk}" selected' in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reached": ""}, "Say how many are reached."),
        ({"share_high": "15"}, "Low, likely and high must not decrease."),
        ({"share_high": "130"}, "Give per cent, from 0 to 100."),
        ({"figure": "999"}, "Select a valid choice."),
        ({"figure": "x"}, "Select a valid choice."),
        ({"figure": ""}, "Give the amount."),
        ({"yearly_retention": "0.5"}, "Say why they do not stay as Families do."),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    company: Company, values: dict[str, str], message: str
) -> None:
    figure, proposal = company.figure(), company.draft()
    path = f"/proposals/{proposal.pk}/edit/money/"
    answer = signed_in(company.marketing).post(path, form_of(figure, **values))
    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="Who stays"' in markup(answer)
    assert not MoneyLine.objects.filter(figure__isnull=False).exists()


def test_switching_to_a_stated_amount_drops_the_parts(company: Company) -> None:
    proposal = company.draft(money=company.worked_out(company.figure(), "retention"))
    form = form_of(company.figure(), figure="", low="1", likely="2", high="3")
    path = f"/proposals/{proposal.pk}/edit/money/"
    assert signed_in(company.marketing).post(path, form).status_code == 302
    (said,) = proposal.money.values("figure", "reached", "yearly_retention", "likely")
    assert list(said.values()) == [None, None, None, 2]


def test_queries_of_the_form_do_not_grow_with_its_rows(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    figure = company.figure()
    line = company.worked_out(figure, "retention")[1]
    client, counts = signed_in(company.marketing), []
    for rows in (1, 3):
        lines = [MoneyLine(**line_values(line) | {"label": str(place)}) for place in range(rows)]
        proposal = company.draft(money=lines)
        with django_assert_max_num_queries(40) as seen:
            client.get(f"/proposals/{proposal.pk}/edit/money/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def line_values(line: MoneyLine) -> dict[str, Any]:
    fields = ("kind", "figure", "reached", "share_low", "share_likely", "share_high")
    return {name: getattr(line, name) for name in fields}


def test_the_api_takes_the_parts_and_gives_the_sum(company: Company) -> None:
    figure, proposal = company.figure(), company.draft()
    api = Api(company.marketing)
    shares = {"share_low": "0.1", "share_likely": "0.2", "share_high": "0.3"}
    line = {"kind": "retention", "figure": figure.pk, "reached": 500, **shares}
    saved = api.send("PATCH", f"/proposals/{proposal.pk}/", {"money": [line]}, version=1).json()
    assert saved["money"][0]["likely"] == "2000.00"
    assert saved["money"][0]["yearly_retention"] == "0.8000"
    wrong = api.send(
        "PATCH", f"/proposals/{proposal.pk}/", {"money": [{"kind": "retention"}]}, version=2
    )
    assert wrong.status_code == 400
    assert set(wrong.json()["errors"]) == {"money.0.low", "money.0.likely", "money.0.high"}


def test_the_sum_is_told_on_the_page_and_behind_the_rank(company: Company) -> None:
    proposal = company.scored("Kept", money=company.worked_out(company.figure(), "retention"))
    company.scored("Stated")
    company.rank()
    sentence = (
        "Of 500 reached a year, 20 % would leave: 100. Of those, 10 % to 30 % stay, likely 20 %: "
        "20 customers. Each brings 100 EUR a year, and 80 % of them stay from year to year. "
        "Figures of Families, 31 Jan 2026."
    )
    client: Client = signed_in(company.marketing)
    for path in (f"/proposals/{proposal.pk}/", f"/backlog/{proposal.pk}/"):
        assert sentence in words(client.get(path))
