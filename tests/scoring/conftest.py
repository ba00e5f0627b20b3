"""Where the published lists come from, for the tests of the whole way through them."""

from tests.scoring.analysis.conftest import CASE_DATA, case_data

__all__ = ["case_data"]

# Elsewhere these tests are not even collected.
collect_ignore = [] if CASE_DATA.is_dir() else ["test_elections.py", "test_walkthroughs.py"]
