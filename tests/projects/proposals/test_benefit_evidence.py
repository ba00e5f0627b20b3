"""What a benefit rests on, by every door through which a text comes in."""

from datetime import date

import pytest

from projects.imports.services import import_proposals
from projects.imports.services.guess import guess
from projects.models import MoneyLine
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, text
from tests.projects.imports.rows import COLUMNS, ROW, loaded
from tests.projects.proposals.filled import COST, money_form

SAVED = {"kind": "cost_to_serve", "label": "Calls", "low": "4", "likely": "5", "high": "6"}
KNOWN = {"evidence": "user", "evidence_date": "2026-03-31"}


def known(company: Company) -> list[tuple[str, date | None]]:
    return list(MoneyLine.objects.order_by("position").values_list("evidence", "evidence_date"))


def test_the_form_keeps_it_with_a_benefit_and_drops_it_with_a_cost(company: Company) -> None:
    proposal = company.draft(money=[])
    form = money_form(1, SAVED | KNOWN, COST | KNOWN, SAVED)
    path = f"/proposals/{proposal.pk}/edit/money/"
    assert signed_in(company.marketing).post(path, form).status_code == 302
    assert known(company) == [("user", date(2026, 3, 31)), ("", None), ("", None)]
    page = text(signed_in(company.marketing).get(path))
    assert 'value="2026-03-31"' in page
    assert '<option value="user" selected>' in page
    assert "User evidence of" in text(
        signed_in(company.marketing).get(f"/proposals/{proposal.pk}/")
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"evidence": "user"}, "Say when it was gathered: evidence fades with the years."),
        ({"evidence_date": "2026-03-31"}, "Say what was gathered on this day."),
        (KNOWN | {"evidence_date": "2099-01-01"}, "This day is still to come."),
        (KNOWN | {"evidence": "gut"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_comes_back_as_typed(
    company: Company, said: dict[str, str], sentence: str
) -> None:
    proposal = company.draft(money=[])
    answer = signed_in(company.marketing).post(
        f"/proposals/{proposal.pk}/edit/money/", money_form(1, SAVED | said)
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="Calls"' in text(answer)
    assert not proposal.money.exists()


def test_the_api_takes_and_gives_it(company: Company) -> None:
    proposal = company.draft(money=[])
    api, path = Api(company.marketing), f"/proposals/{proposal.pk}/"
    kept = api.send("PATCH", path, {"money": [SAVED | KNOWN]}, version=1).json()
    assert {name: kept["money"][0][name] for name in KNOWN} == KNOWN
    wrong = api.send("PATCH", path, {"money": [COST | KNOWN]}, version=2)
    assert wrong.status_code == 400
    assert "Only a benefit rests on evidence." in wrong.content.decode()
    assert known(company) == [("user", date(2026, 3, 31))]


def test_a_list_brings_it(company: Company) -> None:
    columns = [*COLUMNS, "acquisition_evidence", "acquisition_evidence_date"]
    assert guess(columns)["acquisition_evidence"] == "money.acquisition.evidence"
    row = ROW | {f"acquisition_{name}": value for name, value in KNOWN.items()}
    content = "\n".join(
        ",".join(f'"{cell}"' for cell in line)
        for line in (columns, [row[name] for name in columns])
    )
    report = import_proposals(
        actor=company.admin, cycle=company.cycle, table=loaded(content.encode())
    )
    assert not report.errors
    assert known(company) == [("", None), ("user", date(2026, 3, 31))]
