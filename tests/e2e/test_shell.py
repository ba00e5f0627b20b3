"""What every page shares, in a real browser: sign-in, frame, both themes, both widths."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

PEOPLE = ("marketing", "cx", "panelist", "curator", "leader", "admin")
WIDTHS = {"wide": 1440, "narrow": 390}


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_of_the_demo_signs_in_and_comes_home(page, sign_in, person):
    sign_in(person)
    assert page.title().endswith("Prioritizer")
    assert page.locator("main h1").count() == 1


def test_a_wrong_password_is_told_beside_the_form(page):
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("marketing")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_role("alert").is_visible()


def test_the_admin_and_every_page_send_visitors_to_sign_in(page):
    for path in ("/", "/backlog/", "/admin/"):
        page.goto(path)
        assert "/sign-in/" in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_home_is_accessible_and_fits(page, sign_in, assert_accessible, theme, width):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("leader")
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_demo_company_is_entered_by_one_click(page, assert_accessible):
    page.goto("/sign-in/?next=/backlog/")
    assert_accessible()
    page.get_by_role("button", name="Leader").click()
    expect(page.get_by_role("heading", name="Backlog")).to_be_visible()
