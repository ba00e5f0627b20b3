"""A list as a browser sends it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import Batch
from tests.company import Company
from tests.pages import text


def upload(admin: Client, company: Company, content: str, name: str = "liste.csv") -> str:
    file = SimpleUploadedFile(name, content.encode("cp1252"))
    answer = admin.post("/import/", {"file": file, "cycle": company.cycle.pk})
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def as_shown(batch: Batch) -> dict[str, Any]:
    """What the page sends when nothing on it is changed."""
    sent: dict[str, Any] = {}
    for place, column in enumerate(batch.columns):
        sent[f"target-{place}"] = batch.choices["targets"][column]
        sent[f"scale-{place}"] = batch.choices["scales"][column]
    return sent
