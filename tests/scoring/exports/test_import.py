"""An export comes back in as the same list."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.models import Cycle
from scoring.exports.files import suffix_of
from scoring.framework.services.versions import import_framework
from scoring.models import RankedProposal, RankingRun
from tests.company import Company

PLACE = Path(__file__).resolve().parents[3] / "docs" / "walkthroughs" / "backlog"
TITLES = [
    "=1+1",
    "+Call back",
    "'=quoted",
    "Ω мост “é” <b>&amp;</b>",
    "_x0041_ coded",
    'Plain, "x"',
]


def listed(run: RankingRun) -> list[tuple[object, ...]]:
    return list(
        RankedProposal.objects.filter(run=run)
        .order_by("position")
        .values_list("title", "marketing_team", "cx_team", "rank")
    )


@pytest.mark.parametrize("kind", ["csv", "excel-csv", "excel-csv-comma", "xlsx"])
def test_an_export_comes_in_as_the_same_list(
    company: Company, tmp_path: Path, kind: str, record_property: Callable[..., None]
) -> None:
    for number, title in enumerate(TITLES):
        mine = number % 2 == 0
        company.scored(
            title,
            pain=(0, 50, 100)[number % 3],
            fit=(25, 100)[number % 2],
            money=company.money(benefit=40_000 + 20_000 * number),
            marketing=company.marketing if mine else company.other_marketing,
            cx=company.other_cx if mine else company.cx,
        )
    company.submitted("Never scored", money=[])
    run = company.rank()
    path = tmp_path / f"list.{suffix_of(kind)}"
    call_command("export_backlog", format=kind, output=path)

    Cycle.objects.update(is_current=False)
    fresh = Cycle.objects.create(
        name="Next year",
        intake_opens=company.cycle.intake_opens,
        intake_closes=company.cycle.intake_closes,
        budget=company.cycle.budget,
        is_current=True,
    )
    spec = json.loads((PLACE / "framework.json").read_text())
    draft = import_framework(actor=company.curator, spec=spec)
    company.ratified(draft)
    call_command(
        "import_proposals",
        path,
        mapping=PLACE / f"mapping-{suffix_of(kind)}.json",
        attest="As exported",
    )
    again = company.rank()
    assert again.cycle == fresh
    assert listed(again) == listed(run)
    # Not a tie of everything: the order means something.
    assert len({rank for *_, rank in listed(run)}) == len(TITLES) + 1
    record_property("rows exported and imported", len(listed(run)))
