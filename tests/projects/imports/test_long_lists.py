"""A long list is checked and imported by a worker, whole or not at all."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.audit.models import AuditEntry
from projects.imports.services import Report, batches, work
from projects.imports.services.work import work_on_list
from projects.models import Batch, Proposal
from tests.company import Company
from tests.pages import signed_in, text
from tests.projects.imports.uploading import as_shown, upload


@pytest.fixture
def admin(company: Company) -> Client:
    return signed_in(company.admin)


LONG = "\n".join(
    ["title;problem;customer_job;marketing_owner;cx_owner;votes"]
    + [f"Idea {number};Long.;Time;marketing;cx;{number}" for number in range(4)]
)


@pytest.fixture
def of_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of more than two rows are long."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)


@pytest.mark.usefixtures("of_two_rows")
def test_a_long_list_is_checked_and_imported_by_a_worker(admin: Client, company: Company) -> None:
    page = upload(admin, company, LONG.replace("marketing;cx;2", "nobody;cx;2"))
    assert "Waiting for a worker" in text(admin.get(page))
    batch = Batch.objects.get()
    refused = admin.post(page, as_shown(batch) | {"import": "1"})
    assert (refused.status_code, Proposal.objects.count()) == (409, 0)
    assert "Waiting for a worker" in text(admin.get(page, headers={"HX-Request": "true"}))

    work_on_list(batch_id=batch.pk)
    over = admin.get(page, headers={"HX-Request": "true"})
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")
    assert "3 of 4 rows are ready" in text(admin.get(page))
    assert "There is no person “nobody”." in text(admin.get(page))

    admin.post(page, as_shown(batch) | {"cell-4-3": "marketing", "check": "1"})
    work_on_list(batch_id=batch.pk)
    assert "All 4 rows are ready" in text(admin.get(page))
    admin.post(page, as_shown(batch) | {"import": "1"})
    assert Proposal.objects.count() == 0
    assert work_on_list(batch_id=batch.pk)
    assert not work_on_list(batch_id=batch.pk)
    assert "4 proposals" in text(admin.get(page))
    batch.refresh_from_db()
    made = Proposal.objects.order_by("pk")
    assert [proposal.title for proposal in made] == [f"Idea {number}" for number in range(4)]
    assert batch.made == [[proposal.pk, 1] for proposal in made]
    done = AuditEntry.objects.filter(action="import.done").values_list("actor_id", "data")
    assert list(done) == [(company.admin.pk, {"proposals": 4})]
    created = AuditEntry.objects.filter(action="proposal.create")
    assert [entry.subject for entry in created] == [f"proposal:{made.pk}" for made in made]


@pytest.mark.usefixtures("of_two_rows")
def test_a_worker_whose_lease_is_lost_imports_nothing(
    admin: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(admin, company, LONG)
    batch = Batch.objects.get()
    work_on_list(batch_id=batch.pk)
    admin.post(page, as_shown(batch) | {"import": "1"})

    def stolen(**given: Any) -> dict[str, Any]:
        Batch.objects.update(owner_token="another worker's")
        return batches.write_batch(**given)

    monkeypatch.setattr(work, "write_batch", stolen)
    assert not work_on_list(batch_id=batch.pk)
    assert not Proposal.objects.exists()
    assert not AuditEntry.objects.filter(action="import.done").exists()


@pytest.mark.usefixtures("of_two_rows")
def test_rows_that_somebody_else_brought_in_meanwhile_are_said(
    admin: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = LONG.replace("title;", "reference;title;").replace("Idea", "R;Idea")
    numbered = "\n".join(
        line.replace("R;", f"R-{place};") for place, line in enumerate(rows.split("\n"))
    )
    page = upload(admin, company, numbered)
    batch = Batch.objects.get()
    work_on_list(batch_id=batch.pk)
    admin.post(page, as_shown(batch) | {"import": "1"})

    def late(**given: Any) -> Report:
        report = batches.read_batch(**given)
        Proposal.objects.filter(pk=company.draft("Late").pk).update(reference="R-3")
        return report

    monkeypatch.setattr(work, "read_batch", late)
    work_on_list(batch_id=batch.pk)
    assert "Somebody has just imported some of these rows." in text(admin.get(page))
    assert Proposal.objects.count() == 1


def test_a_file_that_was_cut_off_is_said_to_be(admin: Client, company: Company) -> None:
    file = SimpleUploadedFile("list.csv", b'title,problem\nOne,"It was slow\nTwo,Slow')
    answer = admin.post("/import/", {"file": file, "cycle": company.cycle.pk})
    assert "A cell begins with a quotation mark that is never closed" in text(answer)


@pytest.mark.usefixtures("of_two_rows")
def test_a_check_that_failed_is_not_called_ready(admin: Client, company: Company) -> None:
    page = upload(admin, company, LONG)
    Batch.objects.update(status=Batch.Status.FAILED, error="The list could not be read.")
    shown = text(admin.get(page))
    assert "List: The list could not be read." in shown
    assert "rows are ready" not in shown
    assert "Import 4 proposals" not in shown
