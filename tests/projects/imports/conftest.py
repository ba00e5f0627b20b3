"""Bringing a list in."""

from collections.abc import Callable
from typing import Any

import pytest

from projects.imports.services import import_proposals
from tests.company import Company
from tests.projects.imports.rows import loaded


@pytest.fixture
def bring(company: Company) -> Callable[..., Any]:
    def bring(content: bytes, **options: Any) -> Any:
        return import_proposals(
            actor=company.admin, cycle=company.cycle, table=loaded(content), **options
        )

    return bring
