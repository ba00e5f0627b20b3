"""What every test may ask for."""

import os
import socket
from collections import Counter

import pytest
from django.db import connection

from tests import services
from tests.company import Company, make_company
from tests.kept import kept

VENDORS = {"postgres": "postgresql", "sqlite": "sqlite"}
FIRST_TEST_PORT, LAST_TEST_PORT = 20_000, 32_000


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other database: they run when the suite runs on that one."""
    others = [mark for mark, vendor in VENDORS.items() if vendor != connection.vendor]
    foreign = [item for item in items if any(map(item.get_closest_marker, others))]
    if foreign:
        config.hook.pytest_deselected(items=foreign)
        items[:] = [item for item in items if item not in foreign]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where every service is required, a skipped test is a failure too."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not services.required():
        return
    skipped = len(reporter.stats.get("skipped", []))
    if skipped and exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"{skipped} tests were skipped, and REQUIRE_SERVICES=1", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted with ``record_property``, added up over all processes."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        counted.update(
            {name: count for name, count in report.user_properties if isinstance(count, int)}
        )
    for name, count in sorted(counted.items()):
        terminalreporter.write_line(f"{name}: {count:,}")


@pytest.fixture(scope="session")
def queue_url() -> str:
    """The address of a real Valkey or Redis."""
    return services.queue_address()


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody listens on, below those the kernel hands out."""
    start = FIRST_TEST_PORT + os.getpid() % 4_000
    for port in range(start, LAST_TEST_PORT):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    pytest.fail("no free port")


@pytest.fixture
def company(db: None) -> Company:
    return kept("company", make_company)
