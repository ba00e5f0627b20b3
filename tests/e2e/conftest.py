"""A real browser on the real product: every process, the demo company, nothing simulated."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Playwright

from tests import services
from tests.site import Site, running_site

E2E_PORT = 19_800
PASSWORD = "demo"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), E2E_PORT) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, object]:
    own = playwright.chromium.executable_path
    path = services.browser_path() or (own if Path(own).exists() else None)
    if path is None:
        services.missing("Chromium")
    # Chromium's sandbox does not work for root, who has nothing to protect from these pages.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*QUIET, *sandbox]}


@pytest.fixture(autouse=True)
def no_complaints(page: Page) -> Iterator[list[str]]:
    """The browser's console stays empty: no script error, nothing that the CSP had to block."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type} on {page.url}: {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"exception on {page.url}: {error}"))
    yield complaints
    assert complaints == []


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], None]:
    """Sign somebody of the demo company in through the page."""

    def as_person(username: str) -> None:
        page.context.clear_cookies()
        page.goto("/sign-in/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda address: "/sign-in" not in address)

    return as_person


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """Assert that axe finds nothing on the page as it is now."""

    def check() -> None:
        # Its preloading copies style sheets into the page, which the strict policy rightly blocks.
        result = Axe().run(page, options={"preload": False})
        assert result.violations_count == 0, result.generate_report()

    return check
