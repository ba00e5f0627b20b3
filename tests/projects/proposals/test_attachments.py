"""Files of a proposal: kept by what is in them, signed with the text, given out to be saved."""

import base64
import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.errors import Conflict
from projects.models import Attachment, Proposal
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import (
    Change,
    add_file,
    copy_proposal,
    remove_file,
    update_proposal,
)
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size).save(made, kind)
    return made.getvalue()


def package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return made.getvalue()


def sheet() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def put(company: Company, proposal: Proposal, name: str, content: bytes) -> Attachment:
    return add_file(actor=company.marketing, proposal=proposal, name=name, content=content)


def text_of(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "make", "kind"),
        [
            ("a.png", picture, "png"),
            ("photo", lambda: picture("JPEG"), "jpg"),  # by what it is, whatever it is called
            ("page.html", lambda: b"%PDF-1.7\n", "pdf"),
            ("a.xlsx", sheet, "xlsx"),
            ("a.docx", lambda: package("word/document.xml"), "docx"),
            ("a.pptx", lambda: package("ppt/presentation.xml"), "pptx"),
            ("a.csv", "größe;1\n".encode, "csv"),
            ("A.TXT", lambda: b"As told.", "txt"),
        ],
    )
    def test_each_is_known_by_its_content(
        self, company: Company, name: str, make: Callable[[], bytes], kind: str
    ) -> None:
        made = put(company, company.draft(), name, make())
        assert (made.kind, made.name) == (kind, name)

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("a.svg", b"<svg onload=alert(1)>", "Give a PDF"),
            ("a.html", b"<script>alert(1)</script>", "Give a PDF"),
            ("a.exe", b"MZ\0\0", "Give a PDF"),
            ("a.txt", b"caf\xe9", "save text as UTF-8"),
            ("a.png", b"\x89PNG\r\n\x1a\n broken", "The picture is broken"),
            ("a.jpg", b"\xff\xd8\xff", "The picture is broken"),
            ("a.xlsx", b"PK broken", "this one is broken"),
            ("a.xlsx", package("xl/workbook.xml")[:-9] + b"\xff" * 9, "this one is broken"),
            ("a.zip", package("anything"), "Give a PDF"),
            ("a.xlsm", package("xl/workbook.xml", "xl/vbaProject.bin"), "holds macros"),
            ("a.txt", b"", "is empty"),
            ("..", b"text", "Give the file a name"),
            ("a.txt", b"x" * (5 * 2**20 + 1), "larger than 5 MB"),
        ],
    )
    def test_what_is_not_known_is_refused_with_the_mend(
        self, company: Company, name: str, content: bytes, told: str
    ) -> None:
        proposal = company.sign(company.draft())
        with pytest.raises(ValidationError) as caught:
            put(company, proposal, name, content)
        (text,) = caught.value.message_dict["file"]
        assert told in text
        assert not Attachment.objects.exists()
        assert proposal.revisions.filter(signatures__voided_at=None).exists()

    def test_pixels_and_what_a_package_unpacks_to_are_bounded(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("projects.proposals.services.attachments.MOST_PIXELS", 63)
        with pytest.raises(ValidationError, match="too many pixels"):
            put(company, company.draft(), "a.png", picture())
        monkeypatch.setattr("projects.proposals.services.attachments.MOST_UNPACKED", 1)
        with pytest.raises(ValidationError, match="unpacks to too much"):
            put(company, company.draft(), "a.docx", package("word/document.xml", "word/more.xml"))

    def test_a_name_is_shown_without_its_path_and_signs_that_cannot_be_seen(
        self, company: Company
    ) -> None:
        made = put(company, company.draft(), "C:\\Users\\me\\..\\no\u202etes\r\n.txt", b"x")
        assert made.name == "notes.txt"


class TestTheText:
    def test_it_is_signed_with_the_text(self, company: Company) -> None:
        proposal = company.draft()
        before = text_of(proposal)
        assert "files" not in before  # texts signed before there were any stay signed
        company.sign(proposal)
        made = put(company, proposal, "notes.txt", b"As told.")
        assert text_of(proposal) == before | {"files": {"notes.txt": made.digest}}
        assert not proposal.revisions.filter(signatures__voided_at=None).exists()
        assert Proposal.objects.get(pk=proposal.pk).version == 2
        company.sign(Proposal.objects.get(pk=proposal.pk))
        remove_file(actor=company.cx, file=made)
        assert digest_of(text_of(proposal)) == digest_of(before)
        again = proposal.revisions.filter(signatures__voided_at=None)
        assert not again.exists()

    def test_what_the_other_writes_meanwhile_is_merged(self, company: Company) -> None:
        proposal = company.draft()
        read = proposal.version
        put(company, proposal, "notes.txt", b"As told.")
        saved = update_proposal(
            actor=company.cx,
            proposal=proposal,
            change=Change(fields={"problem": "Seen anew."}),
            expected_version=read,
        )
        assert (saved.problem, saved.attachments.count()) == ("Seen anew.", 1)

    def test_a_name_once_and_ten_at_most(self, company: Company) -> None:
        proposal = company.draft()
        for number in range(Attachment.MOST):
            put(company, proposal, f"{number}.txt", b"x")
        with pytest.raises(ValidationError, match="10 files at most"):
            put(company, proposal, "more.txt", b"x")
        Attachment.objects.exclude(name="1.txt").delete()
        with pytest.raises(ValidationError, match="is there already"):
            put(company, proposal, "1.TXT", b"y")

    def test_only_who_writes_it_and_only_a_draft(self, company: Company) -> None:
        proposal = company.draft()
        made = put(company, proposal, "notes.txt", b"x")
        for person in (company.marketing_mate, company.leader):
            with pytest.raises(PermissionDenied):
                add_file(actor=person, proposal=proposal, name="a.txt", content=b"x")
            with pytest.raises(PermissionDenied):
                remove_file(actor=person, file=made)
        submitted = company.submitted("Handed in")
        with pytest.raises(Conflict):
            put(company, submitted, "a.txt", b"x")

    def test_a_copy_takes_them_along(self, company: Company) -> None:
        proposal = company.draft()
        put(company, proposal, "notes.txt", b"As told.")
        key = uuid4()
        made, again = (
            copy_proposal(actor=company.marketing, proposal=proposal, creation_key=key)
            for _ in range(2)  # asked for twice by one button
        )
        assert again == made
        assert text_of(made)["files"] == text_of(proposal)["files"]
        assert bytes(made.attachments.get().content) == b"As told."
        remove_file(actor=company.marketing, file=made.attachments.get())
        copy_proposal(actor=company.marketing, proposal=proposal, creation_key=key)
        assert not made.attachments.exists()  # what was taken out of the copy stays out

    def test_revisions_tell_which_came(self, company: Company) -> None:
        proposal = company.sign(company.draft())
        made = put(company, proposal, "notes.txt", b"As told.")
        company.sign(Proposal.objects.get(pk=proposal.pk))
        page = words(signed_in(company.cx).get(f"/proposals/{proposal.pk}/revisions/"))
        assert f"File: notes.txt not there {made.digest[:12]}" in " ".join(page.split())


class TestDoors:
    def test_put_taken_and_removed_by_the_page(self, company: Company) -> None:
        proposal, client = company.draft(), signed_in(company.marketing)
        path = f"/proposals/{proposal.pk}/"
        assert "Choose a file first." in words(client.post(f"{path}files/", follow=True))
        wrong = {"file": SimpleUploadedFile("a.svg", b"<svg/>")}
        assert "Give a PDF" in words(client.post(f"{path}files/", wrong, follow=True))
        sent = {"file": SimpleUploadedFile("Notes “1”.txt", b"<script>alert(1)</script>")}
        page = words(client.post(f"{path}files/", sent, follow=True))
        assert "“Notes “1”.txt” belongs to the proposal now." in page
        made = Attachment.objects.get()
        given: Any = client.get(f"/proposals/files/{made.pk}/")
        assert b"".join(given.streaming_content) == b"<script>alert(1)</script>"
        assert given.headers["Content-Type"] == "application/octet-stream"
        assert given.headers["Content-Disposition"].startswith("attachment; ")
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert signed_in(company.leader).get(f"/proposals/files/{made.pk}/").status_code == 404
        assert "Removed: Notes “1”.txt." in words(
            client.post(f"/proposals/files/{made.pk}/remove/", follow=True)
        )
        assert not Attachment.objects.exists()

    def test_the_interface(self, company: Company) -> None:
        proposal, api = company.draft(), Api(company.marketing)
        body = {"proposal": proposal.pk, "name": "a.txt", "content": "!"}
        refused = api.send("POST", "/files/", body)
        assert refused.json()["errors"] == {"content": ["Send the file in Base64."]}
        content = base64.b64encode(b"As told.").decode()
        made = api.send("POST", "/files/", body | {"content": content}).json()
        assert (made["kind"], made["size"]) == ("txt", 8)
        assert api.read(f"/files/{made['id']}/")["content"] == content
        assert Api(company.leader).read("/files/")["results"] == []
        wrong = api.send("POST", "/files/", body | {"content": base64.b64encode(b"\0").decode()})
        assert list(wrong.json()["errors"]) == ["file"]
