"""The seal of a presentation: a part of its package, signed over every other part."""

import hashlib
import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import orjson
from defusedxml import ElementTree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from scoring.exports.files.json import FORMAT
from scoring.exports.files.signing import signed
from scoring.exports.files.table import Cell

SEAL = "customXml/item1.xml"  # where programs leave what they do not know
TAG = "{urn:prioritizer:seal}seal"


def sealed(deck: Any, statement: dict[str, Any], rows: list[dict[str, Cell]]) -> bytes:
    """The presentation with its rows inside, signed over everything that is in the file."""
    part = Part(PackURI(f"/{SEAL}"), "application/xml", deck.part.package, b"")
    deck.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    document = signed(statement | {"file": parts_digest(_saved(deck))})
    data = orjson.dumps({"format": FORMAT, **document, "proposals": rows}).decode()
    part.blob = f'<seal xmlns="urn:prioritizer:seal">{escape(data)}</seal>'.encode()
    return _saved(deck)


def _saved(deck: Any) -> bytes:
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def parts_digest(content: bytes) -> str:
    """The digest of every part of the package but its seal, by name."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in sorted(package.namelist()):
            if name != SEAL:
                digest.update(name.encode() + b"\0" + hashlib.sha256(package.read(name)).digest())
    return digest.hexdigest()


def read_seal(content: bytes) -> dict[str, Any]:
    """Raises KeyError where the package has none, ValueError where it cannot be read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read(SEAL))
    found: dict[str, Any] = orjson.loads(root.text if root.tag == TAG and root.text else "")
    return found
