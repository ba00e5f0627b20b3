"""The whole PDF: its pages, the rows as data inside, and the signature over every byte.

The seal is an attachment. Two places in it are left open while the file is made: the digest of the
file, which is taken with both places filled with zeros, and the signature, which covers the rest.
"""

import hashlib
import io
from typing import Any, BinaryIO

import orjson
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject

from scoring.exports.files.content import Content, printed, read_content
from scoring.exports.files.json import FORMAT
from scoring.exports.files.pdf.charts import charts
from scoring.exports.files.pdf.closing import method, sign_off
from scoring.exports.files.pdf.cover import cover
from scoring.exports.files.pdf.listing import listing
from scoring.exports.files.pdf.paper import Paper
from scoring.exports.files.pdf.record import record
from scoring.exports.files.signing import signed
from scoring.exports.files.table import Cell, Export

ATTACHMENT = "backlog.json"
NO_DIGEST, NO_SIGNATURE = "0" * 64, "0" * 128


def write_pdf(export: Export, file: BinaryIO) -> None:
    content = read_content(export)
    statement, rows = printed(content)
    pages = _pages(content, str(statement["digests"]["rows"]))
    file.write(_sealed(pages, statement, rows))


def _pages(content: Content, seal: str) -> bytes:
    facts, target = content.facts, io.BytesIO()
    chosen = "" if facts["filter"] == "none" else f", filter {facts['filter']}"
    paper = Paper(
        target,
        title=f"Backlog of run {facts['run']}, {facts['cycle']}",
        subject=f"Framework version {facts['framework_version']}{chosen}",
        footer=(
            f"Run {facts['run']}, framework v{facts['framework_version']}{chosen}",
            f"seal {' '.join(seal[start : start + 4] for start in range(0, 16, 4))}",
        ),
    )
    cover(paper, content, seal)
    listing(paper, content)
    charts(paper, content)
    record(paper, content)
    method(paper, content)
    sign_off(paper, content, seal)
    paper.finish()
    return target.getvalue()


def _sealed(pages: bytes, statement: dict[str, Any], rows: list[dict[str, Cell]]) -> bytes:
    """The pages with the rows attached, signed over everything that is in the file."""
    open_ends = signed(statement | {"file": NO_DIGEST}) | {"signature": NO_SIGNATURE}
    data = orjson.dumps({"format": FORMAT, **open_ends, "proposals": rows})
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages)))
    writer.pdf_header = "%PDF-1.7"
    writer.add_attachment(ATTACHMENT, data)
    writer.create_viewer_preferences()[NameObject("/DisplayDocTitle")] = BooleanObject(True)
    whole = io.BytesIO()
    writer.write(whole)
    content_with_holes = whole.getvalue()
    digest = hashlib.sha256(content_with_holes).hexdigest()
    signature = signed(statement | {"file": digest})["signature"]
    signed_bytes = _filled(content_with_holes, "signature", signature, before=NO_SIGNATURE)
    return _filled(signed_bytes, "file", digest, before=NO_DIGEST)


def _filled(content: bytes, name: str, value: str, *, before: str) -> bytes:
    """The content with ``value`` in the one place of the seal that says ``name``.

    A text in the seal cannot look like it: its quotes would carry a backslash.
    """
    hole, filled = (f'"{name}":"{part}"'.encode() for part in (before, value))
    if content.count(hole) != 1:
        raise ValueError("The seal does not stand in the file once.")
    return content.replace(hole, filled)


def file_digest(content: bytes, document: dict[str, Any]) -> str:
    """The digest of a PDF's bytes as they were before its seal was filled in.

    Raises ValueError where the seal does not stand in the file once.
    """
    content = _filled(content, "signature", NO_SIGNATURE, before=document["signature"])
    content = _filled(content, "file", NO_DIGEST, before=document["file"])
    return hashlib.sha256(content).hexdigest()
