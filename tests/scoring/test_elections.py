"""Fourteen city elections through the whole product: the cut line beside the published winners.

They run where the data are, like the other walk-throughs.
"""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.models import Cycle, Proposal, User
from scoring.models import RankedProposal, RankingRun

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "walkthroughs" / "participatory"
# Election: projects, inside the budget, published winners (None: none are published).
ELECTIONS = {
    "Częstochowa, Lisiniec, 2024": (34, 5, 5),
    "Częstochowa, Stradom, 2024": (25, 14, 14),
    "Częstochowa, Stare Miasto, 2025": (22, 3, 3),
    "Częstochowa, Stradom, 2025": (33, 10, 8),
    "Gdynia, Dąbrowa | small, 2020": (15, 8, 7),
    "Gdynia, Wielki Kack | small, 2021": (17, 6, 5),
    "Kraków, Grzegórzki, 2019": (41, 8, 8),
    "Kraków, Prądnik Czerwony, 2022": (42, 10, 10),
    "Łódź, Dolina Łódki, 2022": (22, 1, 1),
    "Warszawa, Stara Miłosna, 2017": (29, 10, 10),
    "Warszawa, Okęcie, 2019": (26, 22, 22),
    "Warszawa, Wesoła, 2023": (29, 17, 17),
    "Stanford Dataset, vote knapsacks, PB Adler 2021 Employees": (36, 11, None),
    "Stanford Dataset, vote knapsacks, PB Adler 2021 Students": (36, 3, None),
}
# Inside the budget, but no winners: below the threshold of 300 points, or after the first misfit.
BELOW_THRESHOLD = {"E4-31", "E4-332"}
AFTER_FIRST_MISFIT = {"E5-1", "E6-WIK/0021"}


def winners(file: Path, number: int) -> set[str] | None:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    if "selected" not in rows[0]:
        return None
    return {f"E{number}-{row['project_id']}" for row in rows if row["selected"] == "1"}


@pytest.mark.django_db
def test_the_cut_line_is_compared_with_published_winners(
    case_data: Path, tmp_path: Path, record_property, capsys
) -> None:
    pb = case_data / "participatory" / "pb"
    subprocess.run([sys.executable, FOLDER / "elections.py", pb, tmp_path], check=True)
    User.objects.create_superuser("operator")
    call_command("import_framework", FOLDER / "framework.json", "--publish")
    found, unlike, compared, agree = {}, set(), 0, 0
    for number, file in enumerate(sorted(tmp_path.glob("*.csv")), start=1):
        call_command(
            "import_proposals",
            file,
            "--create-missing",
            "--current",
            mapping=file.with_suffix(".json"),
            attest="Projects as published",
        )
        call_command("rank")
        run = RankingRun.objects.latest("pk")
        assert run.cycle == Cycle.objects.get(is_current=True)
        line = dict(run.results.values_list("reference", "line"))
        inside = {key for key in line if line[key] == RankedProposal.Line.INSIDE}
        won = winners(file, number)
        found[str(run.cycle)] = (len(line), len(inside), None if won is None else len(won))
        if won is not None:
            unlike |= inside ^ won
            compared += len(line)
            agree += inside == won
    assert found == ELECTIONS
    assert unlike == BELOW_THRESHOLD | AFTER_FIRST_MISFIT
    assert (agree, compared, compared - len(unlike)) == (9, 335, 331)
    assert Proposal.objects.filter(title__endswith="…").count() == 8
    capsys.readouterr()
    call_command("replay_runs", "--all")
    assert capsys.readouterr().out == "14 of 14 runs replay.\n"
    record_property("published winners reproduced", compared - len(unlike))
