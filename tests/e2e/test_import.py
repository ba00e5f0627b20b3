"""A list comes in by the browser: read, mended, imported and taken back."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
LIST = (
    "Projektname;Problembeschreibung;Verantwortlich Marketing;Verantwortlich CX;Kosten (EUR)\n"
    "Formular kürzen;Zu lang.;marketing;cx;1.250.000,50\n"
    "Rechnung erklären;Unklar.;marketing;Niemand;48,50\n"
)


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_a_list_is_mended_and_imported(page, sign_in, assert_accessible, tmp_path, width, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    file = tmp_path / "liste.csv"
    file.write_text(LIST, encoding="cp1252")
    sign_in("admin")
    page.goto("/proposals/")
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("List of proposals").set_input_files(file)
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_role("heading", name="1 of 2 rows are ready")).to_be_visible()
    expect(page.get_by_text("There is no person “Niemand”.")).to_be_visible()
    page.get_by_text("How the file is read").click()
    expect(page.get_by_label("Letters")).to_have_value("cp1252")
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("textbox", name="Verantwortlich CX").fill("cx")
    page.get_by_role("button", name="Check again").first.click()
    page.get_by_role("button", name="Import 2 proposals").click()
    expect(page.get_by_text("2 proposals came in as drafts")).to_be_visible()
    assert_accessible()
    page.get_by_role("button", name="Take them back").click()
    expect(page.get_by_text("2 proposals are taken back.")).to_be_visible()
