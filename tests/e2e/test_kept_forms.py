"""What was typed survives a session that ends, and two owners who write at once."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

PASSWORD = "demo"
KEPT = re.compile(r"What you typed at .* was not saved\. It is filled in again\.")


def expected(complaints: list[str], status: str) -> None:
    """The browser notes a refusal in its console; this one is meant."""
    assert len(complaints) == 1
    assert status in complaints.pop()


def enter(page: Page, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def start_draft(page: Page, title: str) -> str:
    page.goto("/proposals/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("CX owner").select_option(label="Tomasz Wieczorek (Service Design)")
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url("**/edit/problem/")
    return page.url


def test_a_session_that_ends_loses_no_word(page, sign_in, no_complaints):
    sign_in("marketing")
    address = start_draft(page, "Words that stay")
    page.get_by_label("Problem").press_sequentially("Typed before the session ended.")
    page.wait_for_timeout(600)
    page.context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    # The form token was a cookie as well: the page that says so leads back.
    page.get_by_role("link", name="Open the page again").click()
    expected(no_complaints, "403")
    enter(page, "marketing")
    page.wait_for_url(address)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("Problem")).to_have_value("Typed before the session ended.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    expect(page.get_by_label("Problem")).to_have_value("Typed before the session ended.")


def test_nobody_is_shown_what_somebody_else_typed(page, sign_in):
    sign_in("marketing")
    address = start_draft(page, "Between us")
    page.get_by_label("Problem").press_sequentially("Only mine so far.")
    page.wait_for_timeout(600)
    page.context.clear_cookies()
    page.goto(address)
    enter(page, "cx")
    page.wait_for_url(address)
    expect(page.get_by_label("Problem")).to_have_value("")
    expect(page.get_by_text(KEPT)).to_have_count(0)


def test_a_draft_saves_itself_and_what_is_discarded_is_gone(page, sign_in):
    sign_in("marketing")
    start_draft(page, "Saves itself")
    page.get_by_label("Problem").press_sequentially("Saved without a click.")
    page.get_by_label("Customer job").press_sequentially("Done.")
    expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible(timeout=15_000)
    page.reload()
    expect(page.get_by_label("Problem")).to_have_value("Saved without a click.")
    page.get_by_label("Problem").press_sequentially(" And more.")
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Problem")).to_have_value("Saved without a click.")


def test_a_judgement_saves_itself(page, sign_in):
    sign_in("panelist")
    page.goto("/admin/")
    page.get_by_role("link", name="Score the first").click()
    page.locator("label.level").first.click()
    expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible(timeout=15_000)
    page.reload()
    expect(page.locator("label.level input").first).to_be_checked()
    page.goto("/admin/")
    expect(page.get_by_text("started", exact=True).first).to_be_visible()


def test_two_owners_in_two_browsers_write_at_once(page, sign_in, browser, base_url, no_complaints):
    sign_in("marketing")
    address = start_draft(page, "Four hands")
    other = browser.new_context(base_url=base_url).new_page()
    other.goto(address)
    enter(other, "cx")
    other.wait_for_url(address)
    page.get_by_label("Problem").fill("As Marketing sees it.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    # Another field from the same text: both are kept.
    other.get_by_label("Customer job").fill("As CX sees it.")
    other.get_by_role("button", name="Save draft").click()
    expect(other.get_by_text("What was changed meanwhile is kept too.")).to_be_visible()
    expect(other.get_by_label("Problem")).to_have_value("As Marketing sees it.")
    # The same field: both texts, and one click for either.
    page.get_by_label("Customer job").fill("As Marketing thinks CX sees it.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Customer job: both of you changed it")).to_be_visible()
    expected(no_complaints, "422")
    expect(page.locator("#id_customer_job")).to_have_value("As Marketing thinks CX sees it.")
    page.get_by_role("radio", name="Take theirs").check()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#id_customer_job")).to_have_value("As CX sees it.")
    other.context.close()
