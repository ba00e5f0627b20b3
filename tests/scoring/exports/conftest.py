"""A ranked list to export: two proposals in order, and one that is incomplete."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from scoring.models import RankingRun
from tests.company import Company
from tests.kept import kept
from tests.pages import come_in


@pytest.fixture
def run(company: Company) -> RankingRun:
    return kept("run to export", partial(ranked, company))


def ranked(company: Company) -> RankingRun:
    company.scored("Second", fit=25)
    company.scored("First", fit=100)
    company.scored("Incomplete", money=[])
    return company.rank()


@pytest.fixture
def written(run: RankingRun, tmp_path: Path) -> Callable[[str], Path]:
    """The whole list as a file of a kind."""

    def write(kind: str) -> Path:
        path = tmp_path / f"list.{kind}"
        call_command("export_backlog", format=kind, output=path)
        return path

    return write


@pytest.fixture
def export_root(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_ROOT = tmp_path / "exports"
    return tmp_path / "exports"


@pytest.fixture
def leader(company: Company) -> Client:
    client = Client()
    come_in(client, company.leader)
    return client
