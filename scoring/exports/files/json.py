"""JSON: the seal, the criteria, an object per proposal written as it is read, record, signature.

``backlog.schema.json`` beside this file says what each part is.
"""

from pathlib import Path
from typing import BinaryIO

import orjson

from scoring.exports.files.digests import Digests
from scoring.exports.files.seal import close
from scoring.exports.files.table import Cell, Export

SCHEMA = Path(__file__).with_name("backlog.schema.json")
FORMAT = "prioritizer-backlog-1"
MARK = "row_seal"


def write_json(export: Export, file: BinaryIO) -> None:
    digests = Digests(export.columns)
    keys = [column.key for column in export.columns]
    head = {"format": FORMAT, "seal": export.seal.facts(), "criteria": export.criteria}
    file.write(orjson.dumps(head)[:-1] + b',"proposals":[')
    one, dumps = dict[str, Cell](), orjson.dumps
    between = b"\n"
    for chunk in map(digests.take, export.chunks):
        lines = bytearray()
        for row, mark in zip(chunk.rows, chunk.marks, strict=True):
            one.update(zip(keys, row))  # noqa: B905 - checked by the digests, and half as fast
            one[MARK] = mark
            lines += between
            lines += dumps(one)
            between = b",\n"
        file.write(lines)
    end = close(export, digests, record=export.record)
    tail = {name: end[name] for name in ("record", "digests", "key", "signature")}
    file.write(b"\n]," + orjson.dumps(tail)[1:] + b"\n")
