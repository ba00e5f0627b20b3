"""The longest texts that fields take, without a space in them: no page scrolls sideways."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

WORD = "Kundenzufriedenheitsverbesserung" * 4
TITLE = f"{WORD[:108]} \U0001f642\u05e9\u05dc\u05d5\u05dd"
SIDEWAYS = """() => {
  const wide = document.scrollingElement.scrollWidth - innerWidth;
  if (wide <= 0) return "";
  const over = [...document.querySelectorAll("main *")].filter(
    (part) => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest(".scroll-x"));
  return `${wide} px by ${over.slice(0, 3).map((part) => part.tagName + "." + part.className)}`;
}"""
EDITS = ("basics", "problem", "change", "money")


def test_no_page_scrolls_sideways_for_a_long_word(page, sign_in):
    sign_in("marketing")
    page.goto("/proposals/new/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("CX owner").select_option(label="Tomasz Wieczorek (Service Design)")
    page.get_by_role("button", name="Start the draft").click()
    for label in ("Problem", "Customer job"):
        page.get_by_label(label).fill(WORD * 4)
    page.get_by_role("button", name="Save and continue").click()
    for label in ("Marketing part", "CX part"):
        page.get_by_label(label).fill(WORD * 4)
    effect = page.locator("[data-repeat-row]").first
    effect.get_by_label("Journey stage").select_option(label="Use")
    effect.get_by_label("Segment").select_option(index=1)
    effect.get_by_label("customers per year").fill("99999999")
    effect.get_by_label("change in points of 100").fill("0.5")
    effect.get_by_label("How we know").select_option(label="User evidence")
    page.get_by_role("button", name="Save and continue").click()
    lines = page.locator("[data-repeat-row]")
    for place in (0, 2):
        for label in ("Low", "Likely", "High"):
            lines.nth(place).locator(".stated").get_by_label(label, exact=True).fill("999999999999")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Read, sign, submit").click()
    address = page.url
    page.get_by_role("button", name="Sign this text").click()
    own = [address, "/", "/proposals/", *(f"{address}edit/{step}/" for step in EDITS)]
    wrong = sideways(page, own)
    sign_in("cx")
    page.goto(address)
    page.get_by_role("button", name="Sign this text").click()
    page.get_by_role("button", name="Submit to the panel").click()
    wrong += sideways(page, [address, "/", "/notifications/"])
    number = address.rstrip("/").rpartition("/")[2]
    sign_in("panelist")
    wrong += sideways(page, ["/", "/admin/", f"/admin/score/{number}/"])
    sign_in("leader")
    page.goto("/backlog/")
    page.get_by_role("button", name="Rank now").click()
    expect(page.get_by_text("current backlog").or_(page.get_by_text("Digest of the result")).first)
    page.wait_for_timeout(6_000)
    wrong += sideways(page, ["/", "/backlog/", f"/backlog/{number}/", "/backlog/charts/"])
    wrong += sideways(page, ["/backlog/charts/contributions/", "/runs/compare/"])
    assert wrong == []


def sideways(page, addresses):
    found = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(address)
            if told := page.evaluate(SIDEWAYS):
                found.append(f"{address} at {width}: {told}")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found
