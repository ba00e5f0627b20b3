"""The panel at work in a browser: side by side in a table, and together in a meeting."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_a_table_is_filled_by_keys_and_from_a_sheet(page, sign_in):
    sign_in("panelist")
    page.goto("/admin/grid/")
    cells = [row.locator("select") for row in page.locator("[data-grid] tbody tr").all()[:2]]
    first, right = cells[0].nth(0), cells[0].nth(1)
    first.focus()
    page.keyboard.press("2")
    assert first.evaluate("cell => cell.selectedIndex") == 2
    page.keyboard.press("ArrowRight")
    expect(right).to_be_focused()
    name = cells[0].nth(2).evaluate("cell => cell.options[3].text.replace(/^3 /, '')")
    page.evaluate(PASTE, f"1\t{name}\n4\tnothing that is known\n")
    said = page.locator("[data-grid-said]")
    expect(said).to_have_text("3 levels pasted, 1 not understood and left as they were.")
    assert [cell.nth(1).evaluate("cell => cell.selectedIndex") for cell in cells] == [1, 4]
    page.keyboard.press("Control+z")
    expect(said).to_have_text("Taken back.")
    assert [cell.nth(1).evaluate("cell => cell.selectedIndex") for cell in cells] == [0, 0]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nobody sees it until you submit it.")).to_be_visible()
    assert page.locator("[data-grid] select").first.evaluate("cell => cell.selectedIndex") == 2


def test_a_question_is_judged_again_on_phones_and_shown_to_all(
    page, sign_in, browser, base_url, assert_accessible
):
    sign_in("curator")
    page.goto("/admin/differences/")
    page.get_by_role("button", name="Begin a meeting").click()
    page.locator("aside ol button").first.click()
    page.get_by_role("button", name="Judge again").click()
    expect(page.get_by_text("0 of")).to_be_visible()
    phone = browser.new_page(base_url=base_url, viewport={"width": 390, "height": 800})
    phone.goto("/sign-in/")
    phone.get_by_label("User name").fill("panelist")
    phone.get_by_label("Password").fill("demo")
    phone.get_by_role("button", name="Sign in", exact=True).click()
    phone.wait_for_url(lambda address: "/sign-in" not in address)
    phone.goto("/admin/meeting/")
    phone.locator("button.choice").nth(1).click()
    expect(phone.get_by_text("Your answer is in.")).to_be_visible()
    expect(page.get_by_text("1 of")).to_be_visible()
    assert_accessible()
    page.get_by_role("button", name="Show the answers").click()
    expect(page.get_by_role("table", name="Answers by level")).to_be_visible()
    expect(phone.get_by_text("Shown to all.")).to_be_visible(timeout=2_000)
    phone.close()
    page.get_by_role("button", name="End the meeting").click()
    expect(page.get_by_text("The panel is not meeting now.")).to_be_visible()


def test_a_value_function_is_moved_by_keys_and_by_hand(page, sign_in):
    sign_in("curator")
    page.goto("/admin/framework/criterion/expected-roi/")
    lines, knots = page.locator("#id_knots"), page.locator(".knot")
    before = lines.input_value().split("\n")
    assert knots.count() == len(before)
    knots.nth(1).focus()
    page.keyboard.press("Shift+ArrowUp")
    x, value = before[1].split(": ")
    assert lines.input_value().split("\n")[1] == f"{x}: {int(value) + 10}"
    page.keyboard.press("Shift+ArrowDown")
    assert lines.input_value().split("\n") == before
    for _ in range(12):  # never below what comes before it
        page.keyboard.press("Shift+ArrowDown")
    assert lines.input_value().split("\n")[1] == f"{x}: 0"
    box = knots.nth(1).bounding_box()
    page.mouse.move(box["x"] + 7, box["y"] + 7)
    page.mouse.down()
    page.mouse.move(box["x"] + 7, box["y"] - 40, steps=4)
    page.mouse.up()
    assert int(lines.input_value().split("\n")[1].split(": ")[1]) > 5
