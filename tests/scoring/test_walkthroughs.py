"""Two published lists through the whole product: imported, ranked, compared with what was printed.

They run where the data are: beside the checkout, or where PRIORITIZER_CASE_DATA says.
"""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.models import Cycle, User
from scoring.models import RankingRun
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "walkthroughs"
# Rows whose printed score does not follow from the printed measures (docs/walkthroughs).
PUBLISHED_EXCEPTIONS = {
    *("1301", "1416", "1173", "1215", "1104"),
    *("1220", "1305", "1244", "1414", "1007"),
}


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
    run = request_run(actor=None, trigger=RankingRun.Trigger.COMMAND)
    assert rank_run(run_id=run.pk)
    run.refresh_from_db()
    return run, dict(run.results.order_by("position").values_list("reference", "score"))


def rows(file: Path, key: str) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return {row[key]: row for row in csv.DictReader(text)}


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
