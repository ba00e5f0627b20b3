"""Putting a file to a draft, by what is in it and not by what it calls itself."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import transaction
from PIL import Image

from projects.audit.services import record
from projects.people.models import User
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.drafts import DraftText
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import content_of
from projects.proposals.services.access import (
    locked,
    note_writer,
    require_draft,
    require_writer,
)
from projects.proposals.services.keys import void_signatures

MOST_PIXELS = 50_000_000
MOST_UNPACKED = 100 * 2**20
MAIN_PARTS = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
}
SIGNS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
KNOWN = "Give a PDF, PNG, JPEG, XLSX, DOCX, PPTX, CSV or TXT file"


def add_file(*, actor: User, proposal: Proposal, name: str, content: bytes) -> Attachment:
    """Put a file to the draft; both signatures are void, as after any change of the text."""
    shown = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    shown = shown.strip()[-120:]
    if not shown.strip("."):
        raise ValidationError({"file": "Give the file a name."})
    if not content:
        raise ValidationError({"file": "The file is empty."})
    if len(content) > Attachment.MOST_BYTES:
        most = Attachment.MOST_BYTES // 2**20
        raise ValidationError({"file": f"The file is larger than {most} MB. Make it smaller."})
    file = Attachment(
        name=shown,
        kind=_kind_of(content, shown),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        added_by=actor,
    )

    def write(fresh: Proposal) -> None:
        names = [other.name.lower() for other in fresh.attachments.all()]
        if shown.lower() in names:
            message = f"“{shown}” is there already. Remove it first, or give this another name."
            raise ValidationError({"file": message})
        if len(names) >= Attachment.MOST:
            raise ValidationError({"file": f"{Attachment.MOST} files at most. Remove one first."})
        file.proposal = fresh
        file.save(force_insert=True)

    _change(actor, proposal, "proposal.file", {"name": shown, "digest": file.digest}, write)
    return file


def remove_file(*, actor: User, file: Attachment) -> None:
    """Take it out of the draft again."""
    about = {"name": file.name, "digest": file.digest}
    _change(actor, file.proposal, "proposal.file_removed", about, lambda _: file.delete())


def _change(
    actor: User,
    proposal: Proposal,
    action: str,
    about: dict[str, str],
    write: Callable[[Proposal], object],
) -> None:
    with transaction.atomic():
        fresh = locked(proposal)
        require_writer(actor, fresh)
        require_draft(fresh)
        DraftText.objects.update_or_create(
            proposal=fresh, version=fresh.version, defaults={"content": content_of(fresh)}
        )
        write(fresh)
        fresh.version += 1
        fresh.save(update_fields=["version", "updated_at"])
        void_signatures(actor, fresh)
        note_writer(actor, fresh)
        record(actor=actor, action=action, subject=f"proposal:{fresh.pk}", **about)


def _kind_of(content: bytes, name: str) -> str:
    """Errors: ValidationError by ``file`` where it is none of the known kinds, or a broken one."""
    for sign, kind in SIGNS.items():
        if content.startswith(sign):
            if kind != "pdf":
                _require_picture(content)
            return kind
    if content.startswith(b"PK"):
        return _office_kind(content)
    if b"\0" in content:
        raise ValidationError({"file": f"{KNOWN}."})
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError({"file": f"{KNOWN}; save text as UTF-8."}) from None
    suffix = PurePath(name).suffix.lower()
    if suffix not in (".csv", ".txt"):
        raise ValidationError({"file": f"{KNOWN}."})
    return suffix[1:]


def _require_picture(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            picture.verify()
    except Exception as error:  # whatever a broken picture makes of the library
        raise ValidationError({"file": "The picture is broken. Save it anew."}) from error
    if width * height > MOST_PIXELS:
        raise ValidationError({"file": "The picture has too many pixels. Make it smaller."})


def _office_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except Exception as error:  # whatever a broken package makes of the library
        raise ValidationError({"file": f"{KNOWN}; this one is broken."}) from error
    names = {part.filename for part in parts}
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
        raise ValidationError({"file": "The file holds macros. Save it without them."})
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ValidationError({"file": "The file unpacks to too much data."})
    for part, kind in MAIN_PARTS.items():
        if part in names:
            return kind
    raise ValidationError({"file": f"{KNOWN}."})
