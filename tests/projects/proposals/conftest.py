"""Custom fields of each kind."""

import pytest

from projects.models import CustomField
from tests.projects.proposals.answering import field


@pytest.fixture
def asked(db: None) -> dict[str, CustomField]:
    return {
        "readiness": field(position=1),
        "vendor": field("vendor", "text", position=2),
        "seats": field("seats", "number", position=3),
        "launch": field("launch", "date", position=4),
    }
