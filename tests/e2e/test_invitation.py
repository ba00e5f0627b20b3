"""An invited person comes in on a phone, from the link to the first page."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
PASSWORD = "entirely different words"


def test_from_the_link_to_the_first_page(page, sign_in, assert_accessible):
    sign_in("admin")
    page.goto("/people/invite/")
    page.get_by_label("E-mail address").fill("neo@alderbrook.example")
    page.get_by_label("First name").fill("Neo")
    page.get_by_label("Last name").fill("Zander")
    page.get_by_label("Team").select_option(label="Brand")
    page.get_by_role("button", name="Invite").click()
    said = page.get_by_text("hand over this link").inner_text()
    link = re.search(r"http\S+/join/\S+", said)
    assert link
    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link[0])
    expect(page.get_by_role("heading", name="Welcome, Neo")).to_be_visible()
    assert page.url.endswith("/join/")
    assert_accessible()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Set password and come in").click()
    expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    page.goto("/proposals/new/")
    expect(page.get_by_role("heading", name="Start a proposal")).to_be_visible()
