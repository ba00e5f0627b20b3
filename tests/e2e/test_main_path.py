"""One planning round by hand: propose together, sign, score, rank, decide, export."""

import csv
import json

import pytest

pytestmark = pytest.mark.e2e

TITLE = "Ask before we mail"
PARTNER = "Tomasz Wieczorek (Service Design)"
WORDS = {
    "Problem": "Customers get offers for a card that they already hold.",
    "Customer job": "Hear from the bank only when it matters.",
}
PARTS = {
    "Marketing part": "Leaves holders out of the mailing.",
    "CX part": "Reads the list of holders every night.",
}
MONEY = {
    "One-off cost": (20_000, 30_000, 45_000),
    "Running cost per year": (5_000, 6_000, 8_000),
    "Retention: margin from customers kept per year": (160_000, 190_000, 220_000),
}
RANKING_MILLISECONDS = 30_000


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def write_together(page):
    """Draft step by step and return the proposal's address."""
    page.goto("/proposals/new/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("CX owner").select_option(label=PARTNER)
    press(page, "Start the draft")
    for label, text in WORDS.items():
        page.get_by_label(label).fill(text)
    press(page, "Save and continue")
    for label, text in PARTS.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Journey stage").select_option("Use")
    page.get_by_label("Segment").select_option("Families")
    page.get_by_label("Customers per year").fill("200000")
    page.get_by_label("Change in points").fill("10")
    page.get_by_label("How we know").select_option("A/B test")
    press(page, "Save and continue")
    for row, (kind, estimate) in enumerate(MONEY.items()):
        page.locator(f"[name=money-{row}-kind]").select_option(kind)
        for field, amount in zip(("low", "likely", "high"), estimate, strict=True):
            page.locator(f"[name=money-{row}-{field}]").fill(str(amount))
    press(page, "Save and continue")
    return page.url


def score(page, address):
    """Give every criterion its best level."""
    page.goto(address)
    page.get_by_role("link", name="Score it").click()
    groups = page.locator("fieldset:has(input[name^=criterion-])")
    assert groups.count() > 1
    for group in groups.all():
        group.get_by_role("radio").nth(-2).check(force=True)  # the last one abstains
    press(page, "Submit and next")


def exported(page, kind):
    page.goto("/backlog/")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.locator(f"a[href*='/backlog/export/{kind}/']").first.click()
    return download.value.path()


def test_a_proposal_goes_the_whole_way(page, sign_in):
    sign_in("marketing")
    address = write_together(page)
    press(page, "Sign this text")
    assert page.get_by_role("button", name="Submit to the panel").count() == 0

    sign_in("cx")
    page.goto(address)
    press(page, "Sign this text")
    press(page, "Submit to the panel")

    for panelist in ("panelist", "curator"):
        sign_in(panelist)
        score(page, address)

    sign_in("leader")
    page.goto("/backlog/")
    assert page.get_by_role("link", name=TITLE).count() == 0
    press(page, "Rank now")
    page.get_by_role("link", name="Open the backlog").click(timeout=RANKING_MILLISECONDS)
    page.get_by_role("link", name=TITLE).click()

    page.get_by_role("link", name="Decide").click()
    page.get_by_label("Greenlight", exact=True).check(force=True)
    page.get_by_label("Reason").fill("It stops what customers complain about most.")
    press(page, "Record the decision")

    rows = list(csv.reader(exported(page, "csv").read_text("utf-8-sig").splitlines()))
    assert [row for row in rows if TITLE in row] != []
    assert TITLE in json.dumps(json.loads(exported(page, "json").read_text()))
    assert exported(page, "xlsx").read_bytes()[:2] == b"PK"

    sign_in("marketing")
    page.goto("/notifications/")
    assert page.get_by_role("link", name=TITLE).count() > 0
