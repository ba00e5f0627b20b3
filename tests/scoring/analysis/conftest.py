"""Where the published cases come from."""

import os
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_BESIDE = _HERE.parents[3] / "shared" / "data"

CASE_DATA = Path(os.environ.get("PRIORITIZER_CASE_DATA", _BESIDE))

# Cases on published data sets run where the data are; elsewhere they are not even collected.
collect_ignore = [] if CASE_DATA.is_dir() else ["test_data_cases.py"]


@pytest.fixture(scope="session")
def case_data() -> Path:
    return CASE_DATA
