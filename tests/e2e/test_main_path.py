"""One planning round by hand: write together, sign, judge, rank, read why, decide, export."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

TITLE = "Ask before a second reminder"


def test_from_an_idea_to_a_decision(page, sign_in, tmp_path):
    # Marketing starts it and writes its part.
    sign_in("marketing")
    page.get_by_role("link", name="Start a proposal").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("CX owner").select_option(label="Tomasz Wieczorek (Service Design)")
    page.get_by_role("button", name="Start the draft").click()
    page.get_by_label("Problem").fill("Customers who paid get a second reminder.")
    page.get_by_label("Customer job").fill("Pay once and be left alone.")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Marketing part").fill("Stop the reminder for a day after each payment.")
    page.get_by_label("CX part").fill("Show the payment in the app at once.")
    effect = page.locator("[data-repeat-row]").first
    effect.get_by_label("Journey stage").select_option(label="Use")
    effect.get_by_label("Segment").select_option(index=1)
    effect.get_by_label("customers per year").fill("80000")
    effect.get_by_label("change in points of 100").fill("12")
    effect.get_by_label("Insight").fill("I-1 and its finding")
    expect(effect.get_by_label("How we know")).to_be_hidden()
    effect.get_by_label("Insight").fill("")
    effect.get_by_label("How we know").select_option(label="User evidence")
    page.get_by_role("button", name="Save and continue").click()
    lines = page.locator("[data-repeat-row]")
    for place, amounts in ((0, ("20000", "30000", "60000")), (2, ("50000", "90000", "150000"))):
        for label, amount in zip(("Low", "Likely", "High"), amounts, strict=True):
            lines.nth(place).locator(".stated").get_by_label(label, exact=True).fill(amount)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("complementary")).to_contain_text("in 8 of 10 futures")
    page.get_by_role("link", name="How success shows").click()
    promised = page.locator("[data-repeat-row]").first
    promised.get_by_label("KPI").select_option(label="Calls solved the first time, %")
    promised.get_by_label("Stands at").fill("64")
    promised.get_by_label("Shall be").fill("70")
    promised.get_by_label("By").fill("2027-12-31")
    promised.get_by_label("Who answers for it").select_option(label="Both")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    page.get_by_role("link", name="Read, sign, submit").click()
    address = page.url

    # One key is not enough.
    page.get_by_role("button", name="Sign this text").click()
    expect(page.get_by_role("button", name="Submit to the panel")).to_have_count(0)

    # CX signs too and hands it in.
    sign_in("cx")
    expect(page.locator("main")).to_contain_text(TITLE)
    page.goto(address)
    page.get_by_role("button", name="Sign this text").click()
    page.get_by_role("button", name="Submit to the panel").click()
    expect(page.locator("main")).to_contain_text("The proposal is with the panel now.")

    # Two panelists judge it; the second by keyboard.
    sign_in("curator")
    page.goto(address)
    page.get_by_role("link", name="Score it").click()
    for levels in page.locator("[data-levels]").all():
        levels.locator("label.level").nth(4).click()
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_role("status")).to_contain_text("is in.")
    sign_in("panelist")
    page.goto(address)
    page.get_by_role("link", name="Score it").click()
    expect(page.locator("#others")).to_have_count(0)
    for levels in page.locator("[data-levels]").all():
        levels.locator("input").first.focus()
        page.keyboard.press("4")
        expect(levels.locator("input").nth(3)).to_be_checked()
    page.get_by_role("button", name="Submit and next").click()
    page.goto(address.replace("/proposals/", "/admin/score/"))
    # What was said shows now, by whom once everybody on the panel is in.
    expect(page.locator("#others")).to_contain_text("5 of those who judge are still to come")
    expect(page.locator("#others")).not_to_contain_text("Ingrid Solberg")

    # A leader asks for a run and watches it.
    sign_in("leader")
    page.goto("/backlog/")
    expect(page.locator("main")).to_contain_text("Not ranked yet")
    page.get_by_role("button", name="Rank now").click()
    page.get_by_role("link", name="Open the backlog").click(timeout=60_000)
    page.get_by_label("Search").fill("second reminder")
    page.get_by_role("button", name="Show").click()
    row = page.get_by_role("row", name=TITLE)
    rank = row.locator(".rank").inner_text()
    assert int(rank) >= 1
    row.locator("td > a").first.click()  # the value
    expect(page.locator("h1")).to_contain_text(f"Why rank {rank}")
    expect(page.locator("#roi")).to_contain_text("90,000")

    # The decision, and what the owners read.
    page.get_by_role("link", name="Decide").click()
    page.get_by_label("Hold", exact=True).check()
    page.get_by_label("Reason").fill("After the reminder system is replaced.")
    page.get_by_label("Why not the ranking").select_option(label="The people needed are not free")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("main")).to_contain_text("After the reminder system is replaced.")
    sign_in("cx")
    page.get_by_role("link", name=re.compile("unread notification")).click()
    expect(page.locator("main")).to_contain_text(f"“{TITLE}”: hold.")

    # The list as a file, with its seal.
    sign_in("leader")
    page.goto("/backlog/")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Data .json").click()
    file = tmp_path / "backlog.json"
    download.value.save_as(file)
    seal = json.loads(Path(file).read_text())["seal"]
    assert len(seal["result_digest"]) == 64
    assert seal["framework_version"] == 1


def test_what_if_answers_while_one_types(page, sign_in, assert_accessible):
    sign_in("leader")
    page.goto("/backlog/what-if/")
    answer, budget = page.locator("#answer"), page.get_by_label("Budget", exact=True)
    expect(budget).to_have_value("11,500,000")
    budget.fill("8.500")
    wrong = "“8.500” can be read in two ways. Write 8500, or 8.5."
    expect(page.locator("#id_budget_error")).to_have_text(wrong)
    assert_accessible()
    budget.fill("8.5 M")
    expect(answer).to_contain_text("of 8.5 M EUR used.")
    expect(page.locator("#id_budget_error")).to_be_hidden()
    page.get_by_text("Leave out a criterion").first.click()
    page.get_by_label("Promise kept").check()
    expect(page).to_have_url(re.compile("without=criterion"))
    page.get_by_label("Save scenario").fill("Less money, no promise")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("is saved.")
    expect(page.locator("#scenarios")).to_contain_text("Less money, no promise")


def test_rows_are_walked_by_keyboard(page, sign_in):
    sign_in("leader")
    page.goto("/backlog/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next row, previous row")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    title = page.locator("[data-rows] th[scope=row] > a").first
    expect(title).to_be_focused()
    words = title.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(words)
    page.goto("/backlog/")
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()


PAGES = {
    "marketing": [
        "/",
        "/framework/",
        "/proposals/",
        "/proposals/new/",
        "/proposals/overlaps/",
        "/proposals/37/authors/",
        "/proposals/37/edit/people/",
        "/proposals/42/edit/basics/",
        "/proposals/42/edit/problem/",
        "/proposals/42/edit/change/",
        "/proposals/42/edit/money/",
        "/proposals/42/edit/more/",
        "/proposals/1/",
        "/proposals/1/revisions/",
        "/customers/",
        "/segments/",
        "/segments/1/",
        "/segments/figures/",
        "/insights/",
        "/personas/",
        "/personas/1/",
        "/personas/new/?replaces=1",
        "/research/",
        "/research/1/",
        "/research/new/?question=Why+do+callers+call+about+cards",
        "/kpis/",
        "/kpis/1/",
        "/kpis/new/",
        "/kpis/import/",
        "/outcomes/",
        "/outcomes/import/",
        "/proposals/45/",
        "/proposals/45/progress/",
        "/proposals/4/",
        "/proposals/4/comment/?part=money",
        "/proposals/6/",
        "/proposals/8/links/",
        "/decisions/1/letter/",
        "/insights/1/",
        "/insights/new/?replaces=I-2",
        "/insights/import/",
        "/promises/",
        "/promises/1/",
        "/promises/new/",
        "/segments/cohort/?kept=100%0A80%0A70%0A65",
        "/notifications/",
        "/preferences/",
        "/sessions/",
        "/password/",
        "/second-factor/",
        "/second-factor/app/",
        "/second-factor/passkeys/new/",
    ],
    "cx": [
        "/",
        "/proposals/",
        "/backlog/7/",
        "/insights/test/?treated=9&treated_did=5&control=9&control_did=1",
    ],
    "panelist": [
        "/",
        "/admin/",
        "/admin/score/8/",
        "/admin/grid/",
        "/admin/judgements/",
        "/admin/differences/",
        "/admin/meeting/",
        "/admin/conflicts/",
        "/admin/framework/weights/",
        "/backlog/",
    ],
    "curator": [
        "/",
        "/admin/assignments/",
        "/admin/assignments/8/",
        "/admin/framework/",
        "/admin/framework/criterion/pain-relieved/",
        "/admin/framework/ready/",
        "/admin/framework/ready/rice/",
        "/admin/framework/vote/",
        "/framework/",
    ],
    "leader": [
        "/",
        "/backlog/",
        "/backlog/?status=submitted&line=inside",
        "/backlog/?stage=Use&segment=Families",
        "/backlog/what-if/",
        "/backlog/what-if/any-weights/",
        "/backlog/plan/",
        "/backlog/plan/decide/",
        "/backlog/plan/compare/?scenario=1&scenario=2",
        "/backlog/plan/?of=stage:Join&low=10%25&high=&force=2&side=in&why=legal&asked=Legal",
        "/backlog/what-if/?without=criterion:promise-kept",
        "/exports/",
        "/proposals/28/",
        "/backlog/28/decide/",
        "/backlog/1/",
        "/backlog/1/decide/",
        "/backlog/charts/",
        "/backlog/charts/rank-intervals/",
        "/backlog/charts/value-cost/",
        "/backlog/charts/contributions/",
        "/backlog/charts/coverage/",
        "/runs/",
        "/runs/1/",
        "/runs/compare/",
    ],
    "admin": [
        "/import/",
        "/admin/",
        "/admin/projects/user/",
        "/admin/projects/cycle/add/",
        "/api/v1/docs/",
        "/people/",
        "/people/invite/",
        "/people/import/",
        "/judgements/import/",
        "/people/2/off/",
        "/webhooks/",
        "/tokens/",
        "/preferences/",
    ],
}


@pytest.mark.parametrize("person", PAGES)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_pages_are_accessible_fit_and_break_no_policy(
    page, sign_in, assert_accessible, person, width, theme
):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(person)
    for path in PAGES[person]:
        answer = page.goto(path)
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        assert_accessible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
