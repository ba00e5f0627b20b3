"""Published lists through the whole product: imported, ranked, compared with what was printed.

They run where the data are: beside the checkout, or where PRIORITIZER_CASE_DATA says.
"""

import csv
import gzip
import runpy
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from projects.models import Cycle, Team, User
from scoring.analysis.calibration import forecast_errors, hit_rate
from scoring.analysis.severity import adjust
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import RankingRun, Seat
from scoring.outcomes.services.record import accuracy
from scoring.portfolio.forms import PlanForm
from scoring.portfolio.services import lay_out, way_of
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run
from scoring.what_if.services import base_of
from tests.company import Company
from tests.pages import signed_in
from tests.scoring.outcomes.greenlit import greenlit, progress

DOCS = Path(__file__).resolve().parents[2] / "docs" / "walkthroughs"
ELECTIONS = DOCS / "participatory"
# Rows whose printed score does not follow from the printed measures (docs/walkthroughs).
PUBLISHED_EXCEPTIONS = {
    *("1301", "1416", "1173", "1215", "1104"),
    *("1220", "1305", "1244", "1414", "1007"),
}


def run_by_command() -> RankingRun:
    run = request_run(actor=None, trigger=RankingRun.Trigger.COMMAND)
    assert rank_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def ranked(name: str, file: Path) -> tuple[RankingRun, dict[str, float | None]]:
    """The run, and reference -> score in ranked order."""
    User.objects.create_superuser("operator")
    call_command("import_framework", DOCS / name / "framework.json", "--publish")
    call_command(
        "import_proposals",
        file,
        "--create-missing",
        mapping=DOCS / name / "mapping.json",
        attest="The published list",
    )
    assert Cycle.objects.get().is_current
    run = run_by_command()
    return run, dict(run.results.order_by("position").values_list("reference", "score"))


def rows(file: Path, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in rows_of(file)}


def rows_of(file: Path) -> list[dict[str, str]]:
    read = gzip.open if file.suffix == ".gz" else open
    with read(file, "rt", encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@pytest.mark.django_db
def test_smart_scale_scores_are_the_published_ones(case_data: Path, record_property) -> None:
    file = case_data / "transport" / "smart_scale_round2_areas_a_b.csv"
    published = rows(file, "App Id")
    run, scores = ranked("smart-scale", file)
    assert (len(scores), run.facts["ranked"], run.facts["incomplete"]) == (202, 202, 0)
    followed = [key for key in scores if key not in PUBLISHED_EXCEPTIONS]
    assert len(followed) == 192
    for key in followed:
        assert scores[key] == pytest.approx(float(published[key]["SMART SCALE Score"]), rel=1e-6)
    order = [int(published[key]["State Rank"]) for key in followed]
    assert order == sorted(order)
    unlike = {
        key
        for key in PUBLISHED_EXCEPTIONS
        if scores[key] != pytest.approx(float(published[key]["SMART SCALE Score"]), rel=1e-6)
    }
    assert unlike == PUBLISHED_EXCEPTIONS
    record_property("published scores reproduced", len(followed))


@pytest.mark.django_db
def test_government_projects_without_figures_stay_incomplete(case_data: Path) -> None:
    file = case_data / "forecast_actual" / "uk_gmpp_2023.csv"
    run, scores = ranked("gmpp", file)
    assert len(scores) == len(rows(file, "project_number")) == 244
    assert (run.facts["ranked"], run.facts["incomplete"]) == (102, 142)
    assert run.results.filter(rank=None).count() == 142


def test_a_grant_panel_comes_in_by_its_list(company: Company, case_data: Path) -> None:
    """Gallo 2021, figshare 12728087: 72 proposals, each scored by three of 26 reviewers.

    The means are the printed ones, and mild and strict reviewers are taken out as the library does.
    """
    given = rows_of(case_data / "panel" / "aibs_grant_panel.csv")
    draft = start_draft(actor=company.curator)
    merit = {
        "key": "merit",
        "name": "Merit",
        "weight": "100",
        # Printed from 1.0, the best, to 5.0.
        "levels": [
            {"value": f"{100 - step * 2.5:.1f}", "label": f"{1 + step / 10:.1f}", "wording": "So."}
            for step in range(41)
        ],
    }
    only = {"key": "all", "name": "All", "weights": {"": "100"}, "criteria": [merit]}
    spec = spec_of(draft) | {"dimensions": [only], "summary": "Merit alone."}
    draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
    company.version = company.ratified(draft)
    team = Team.objects.get(name="Data Platform")
    for reviewer in {row["RevID"] for row in given}:
        Seat.objects.create(user=User.objects.create_user(f"r{reviewer}", team=team))
    names = list(dict.fromkeys(row["ID"] for row in given))
    reference = {name: company.submitted(f"Grant {name}").reference for name in names}
    lines = [f"{reference[row['ID']]},r{row['RevID']},{row['Score']}" for row in given]
    file = SimpleUploadedFile("panel.csv", "\n".join(["proposal,panelist,Merit", *lines]).encode())
    page = signed_in(company.admin).post("/judgements/import/", {"file": file}, follow=True)
    assert "Kept: 216 judgements." in page.content.decode()
    run = company.rank()
    means = {row["ID"]: float(row["ScoreAvg"]) for row in given}
    assert 5 - np.array(points(run, names)) / 25 == pytest.approx([means[name] for name in names])
    company.amend(corrects_severity=True)
    reviewers = sorted({row["RevID"] for row in given}, key=int)
    found = adjust(
        [names.index(row["ID"]) for row in given],
        [reviewers.index(row["RevID"]) for row in given],
        [(5 - float(row["Score"])) * 25 for row in given],
        len(names),
        len(reviewers),
    )
    corrected = points(company.rank(), names)
    assert corrected == pytest.approx(np.clip(found.adjusted, 0, 100).tolist(), abs=1e-8)


def points(run: RankingRun, names: list[str]) -> list[float | None]:
    value = dict(run.results.values_list("title", "value"))
    return [value[f"Grant {name}"] for name in names]


@pytest.mark.django_db
def test_cities_funded_what_the_plan_funds_under_their_rules(
    case_data: Path, tmp_path: Path
) -> None:
    """Pabulib (arXiv:2012.06539): twelve elections that publish their winners.

    The budget, where the city had one a least number of votes, and whether it stopped at the first
    that did not fit are rules of the plan; nothing else is said.
    """
    User.objects.create_superuser("operator")
    call_command("import_framework", ELECTIONS / "framework.json", "--publish")
    files = sorted((case_data / "participatory" / "pb").glob("*.pb"))
    runpy.run_path(str(ELECTIONS / "elections.py"))["main"](files[0].parent, tmp_path)
    seen = 0
    for number, file in enumerate(files, start=1):
        meta, _, rest = file.read_text(encoding="utf-8").partition("PROJECTS\n")
        said = dict(line.split(";", 1) for line in meta.splitlines() if ";" in line)
        if said["rule"] == "unknown":
            continue
        listed = tmp_path / f"{number:02}.csv"
        call_command(
            "import_proposals",
            listed,
            "--create-missing",
            "--current",
            mapping=listed.with_suffix(".json"),
            attest="Projects as published",
        )
        run = run_by_command()
        asked = {"way": "list"}
        if said["rule"] == "greedy-no-skip":
            asked["stops"] = "on"
        if "min_project_score_threshold" in said:
            # Of 10,000 votes, which are a value of 100.
            asked["least"] = str(int(said["min_project_score_threshold"]) / 100)
        form = PlanForm(QueryDict(urlencode(asked)), base=base_of(run), choices=[])
        case = form.case()
        assert case, form.problems()
        layout = lay_out(case)
        mix = way_of(run, layout, "list")
        assert mix
        funded = run.results.filter(proposal__in=layout.ids(mix.chosen))
        rows = csv.DictReader(rest.split("VOTES\n")[0].splitlines(), delimiter=";")
        won = {f"E{number}-{row['project_id']}" for row in rows if row["selected"] == "1"}
        assert set(funded.values_list("reference", flat=True)) == won, file.stem
        seen += 1
    assert seen == 12


# Estimates and what came of them: by file, the columns, and what its unit is worth.
CAME = {
    "us_hhs_it_projects.csv": ("Planned_Cost", "Actual_Cost", 1_000_000),
    "uk_gmpp_2023.csv": ("baseline_gbp_m", "forecast_gbp_m", 1_000_000),
    "sip_task_estimates.csv.gz": ("HoursEstimate", "HoursActual", 100),
}


@pytest.mark.parametrize("name", CAME)
def test_public_projects_come_out_as_the_library_has_them(
    company: Company, case_data: Path, name: str
) -> None:
    """The first forty with both numbers, greenlit, and reported on by a list."""
    estimate, actual, unit = CAME[name]
    pairs = [
        (round(float(row[estimate]) * unit, 2), round(came * unit, 2))
        for row in rows_of(case_data / "forecast_actual" / name)
        if (came := _actual(row, estimate, actual)) > 0
    ][:40]
    made = [
        company.scored(f"Project {place}", money=company.money(cost=Decimal(str(said)), benefit=1))
        for place, (said, _) in enumerate(pairs)
    ]
    greenlit(company, *made)
    today = timezone.localdate()
    lines = [
        f"{proposal.reference},{today},done,{came},,{today}"
        for proposal, (_, came) in zip(made, pairs, strict=True)
    ]
    head = "proposal,as_of,state,spent,brought,finish"
    file = SimpleUploadedFile("reports.csv", "\n".join([head, *lines]).encode())
    page = signed_in(company.admin).post("/outcomes/import/", {"file": file}, follow=True)
    assert "Kept: 40 reports." in page.content.decode()
    costs, benefits = accuracy(list(progress().values()))
    said, came = np.array(pairs).T
    expected = forecast_errors(said, came).median_ratio
    assert (costs.n, benefits.n) == (40, 0)
    assert costs.ratio == pytest.approx(expected, abs=1e-6)
    assert costs.inside.rate == hit_rate(said, said, came).rate


def _actual(row: dict[str, str], estimate: str, actual: str) -> float:
    """0 where one of both is missing; the American file gives the variance, plan less actual."""
    planned = float(row[estimate] or 0)
    if planned <= 0:
        return 0.0
    return (
        planned - float(row["Cost_Variance"])
        if actual == "Actual_Cost"
        else float(row[actual] or 0)
    )
