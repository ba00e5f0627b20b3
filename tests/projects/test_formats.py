"""Numbers and dates as the reader writes them, on pages and in what is typed."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from projects.amounts import PlainDecimalField, read_amount, write_amount
from projects.formats import (
    LANGUAGES,
    example,
    proposed_by,
    written_for,
)
from projects.models import User
from projects.people.services import save_preferences
from projects.templatetags.figures import (
    change,
    count,
    exact_money,
    one,
    percent,
    plain,
    short,
    span,
    times,
)
from tests.company import Company
from tests.pages import signed_in, text

THIN, HARD = "\u202f", "\xa0"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-gb", "27 Nov 2026, 14:30 · 1,234.5"),
        ("en-us", "Nov 27, 2026, 2:30 PM · 1,234.5"),
        ("de", "27.11.2026, 14:30 · 1.234,5"),
        ("de-ch", "27.11.2026, 14:30 · 1\u2019234.5"),
        ("fr", f"27/11/2026, 14:30 · 1{HARD}234,5"),
        ("sv", f"2026-11-27, 14:30 · 1{HARD}234,5"),
        ("nl", "27-11-2026, 14:30 · 1.234,5"),
    ],
)
def test_each_language_has_its_form(language: str, said: str) -> None:
    assert example(language) == said


def test_every_language_of_the_list_can_be_read_by_it() -> None:
    for language in LANGUAGES:
        with written_for(language):
            written = write_amount(Decimal("11500000.25"))
            assert read_amount(written) == Decimal("11500000.25"), language
            assert read_amount(write_amount(Decimal(11_500))) == 11_500, language
            shown = PlainDecimalField().prepare_value(Decimal("-2.50"))
            assert PlainDecimalField().clean(shown) == Decimal("-2.5"), language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("de-CH", "de-ch"),
        ("en", "en-gb"),
        ("en-US,en;q=0.9", "en-us"),
        ("en-AU", "en-gb"),
        ("xx,fr;q=0.5", "fr"),
        ("", "en-gb"),
        ("*", "en-gb"),
        (";;;,,,", "en-gb"),
    ],
)
def test_the_browsers_language_proposes(header: str, language: str) -> None:
    assert proposed_by(header) == language


def test_figures_follow_the_reader() -> None:
    with written_for("de"):
        assert exact_money(192_933.42, "EUR") == "192.933,42 EUR"
        assert exact_money(11_500_000, "EUR") == "11.500.000 EUR"
        assert (short(1_234_567), one(-1.25), times(3.44)) == ("1,2 M", "\u22121,2", "3,4×")
        assert (count(11_500), plain(40.0), plain(33.25)) == ("11.500", "40", "33,2")
        assert (span(-0.6, 1.2), change(0.04, 1), change(0.06, 1)) == ("−0,6 to 1,2", "0,0", "+0,1")
        assert percent(0.414) == f"41{THIN}%"
    assert exact_money(192_933.42, "EUR") == "192,933.42 EUR", "where nobody reads, the house's"


def test_dates_follow_the_reader() -> None:
    page = Template(
        "{% load figures %}{{ d|day }} {{ d|day_of_year }} {{ t|moment }} {{ t|clock }} {{ n|day }}"
    )
    shown = {"d": date(2026, 3, 9), "t": datetime(2026, 3, 9, 13, 5, tzinfo=UTC), "n": None}
    assert page.render(Context(shown)) == "9 Mar 2026 9 Mar 9 Mar 2026, 13:05 UTC 13:05 UTC "
    with written_for("en-us"):
        said = "Mar 9, 2026 Mar 9 Mar 9, 2026, 1:05 PM UTC 1:05 PM UTC "
        assert page.render(Context(shown)) == said


def test_what_is_typed_is_read_as_the_reader_writes() -> None:
    assert read_amount("1,500") == 1500
    with pytest.raises(ValidationError, match=r"two ways. Write 1500, or 1.5"):
        read_amount("1.500")
    with written_for("de"):
        assert read_amount("1.500") == 1500
        assert read_amount("1.500,25") == Decimal("1500.25")
        with pytest.raises(ValidationError, match="two ways"):
            read_amount("1,500")
        assert PlainDecimalField().clean("2,5") == Decimal("2.5")


def test_nobody_reads_in_anothers_form(company: Company) -> None:
    """Lines of the backlog are drawn once per process, but not once for all forms."""
    company.scored("One")
    company.rank()
    save_preferences(actor=company.cx, mail="off", time_zone="", formats="de")

    def returns(reader: User) -> list[str]:
        return re.findall(r"(\d[.,]\d)×", text(signed_in(reader).get("/backlog/")))

    english, german = returns(company.leader), returns(company.cx)
    assert english
    assert [said.replace(".", ",") for said in english] == german
    assert returns(company.leader) == english


def test_a_proposal_is_shown_and_saved_in_the_readers_form(company: Company) -> None:
    proposal = company.draft("One")
    save_preferences(actor=company.marketing, mail="off", time_zone="", formats="de")
    client = signed_in(company.marketing)
    page = client.get(f"/proposals/{proposal.pk}/edit/money/")
    assert 'value="100.000"' in text(page)
    assert text(page).count('data-numbers="de"') == 1
    programs = client.get(f"/api/v1/proposals/{proposal.pk}/").json()
    assert programs["money"][0]["likely"] == "100000.00"
