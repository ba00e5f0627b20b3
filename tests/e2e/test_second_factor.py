"""A passkey in a real browser, with the authenticator that Chromium simulates."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def authenticator(page: Any) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_opens_and_is_removed(page, site, assert_accessible):
    # A passkey belongs to a name; an address of the network has none.
    here = site.url.replace("127.0.0.1", "localhost")
    authenticator(page)
    page.goto(f"{here}/sign-in/")
    page.get_by_role("button", name="Panelist").click()
    page.goto(f"{here}/second-factor/")
    assert_accessible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Also sign in with it alone").check()
    assert_accessible()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    assert_accessible()
    page.get_by_role("link", name="I keep them").click()

    page.locator("summary", has_text="your menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/")
    expect(page.locator("summary", has_text="your menu")).to_be_visible()

    # The password alone opens nothing now.
    page.context.clear_cookies()
    page.goto(f"{here}/sign-in/")
    page.get_by_role("button", name="Panelist").click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    assert_accessible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{here}/")

    page.goto(f"{here}/second-factor/")
    page.get_by_role("link", name="Remove This laptop").click()
    assert_accessible()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()


def test_a_dialog_that_is_closed_is_said(page, site):
    here = site.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/sign-in/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('closed')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work. Nothing was changed")).to_be_visible()
