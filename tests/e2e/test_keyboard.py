"""Everything that can be clicked is reached by Tab, is seen to be there, and lets go again."""

import pytest

pytestmark = pytest.mark.e2e

# Numbers what a mouse could use; of a group of radio buttons the keyboard stops at one.
NUMBERED = """() => {
  const all = document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const usable = [...all].filter(e => e.checkVisibility({visibilityProperty: true})
    && e.getClientRects().length && !e.disabled && e.tabIndex >= 0 && e.type !== 'radio');
  usable.forEach((e, place) => { e.dataset.stop = place; });
  return usable.length;
}"""
# Where the focus is, whether a ring shows it (on a field's label, where the field is drawn there),
# and whether it has come into view.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const ringed = part => {
    const style = part && getComputedStyle(part);
    return style && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none');
  };
  const box = e.getBoundingClientRect();
  return {
    stop: e.dataset.stop ?? null,
    tag: e.outerHTML.slice(0, 120),
    ringed: Boolean(ringed(e) || ringed(e.labels?.[0])),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
PARTS_OF_FIELDS = 200  # a date has three stops of its own

PAGES = {
    "leader": ["/", "/backlog/", "/backlog/plan/", "/outcomes/"],
    "marketing": ["/proposals/", "/proposals/42/edit/money/", "/proposals/42/edit/people/"],
    "panelist": ["/admin/", "/admin/grid/"],
    "curator": ["/framework/", "/admin/assignments/"],
    "admin": ["/people/", "/import/"],
}


@pytest.mark.parametrize("person", PAGES)
def test_tab_reaches_everything(page, sign_in, person):
    sign_in(person)
    for path in PAGES[person]:
        assert page.goto(path).status == 200, path
        page.wait_for_load_state("networkidle")
        count = page.evaluate(NUMBERED)
        reached: set[str] = set()
        for _ in range(count + PARTS_OF_FIELDS):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused is None or focused["stop"] in reached:
                if focused is None or len(reached) == count:
                    break
                continue
            if focused["stop"] is not None:
                reached.add(focused["stop"])
            assert focused["ringed"], (path, focused["tag"])
            assert focused["inView"], (path, focused["tag"])
        assert len(reached) == count > 0, path


def test_single_keys_can_be_switched_off(page, sign_in):
    sign_in("leader")
    page.goto("/backlog/")
    page.keyboard.press("?")
    page.get_by_label("Switch single keys off in this browser").check()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("/")
        page.keyboard.press("?")
        assert page.evaluate("document.activeElement.closest('[data-rows], input') === null")
        assert page.locator("dialog[open]").count() == 0
        page.reload()
    page.locator("summary .name").click()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Switch single keys off in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-rows]') !== null")
