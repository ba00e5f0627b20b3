"""JSON: the seal, the criteria, and one object per proposal, written as it is read."""

import json
from typing import BinaryIO

from scoring.exports.table import Export, columns


def write_json(export: Export, file: BinaryIO) -> None:
    table = columns(export.criteria)
    head = {"seal": export.seal.facts(), "criteria": export.criteria}
    file.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "proposals": [')
    for number, result in enumerate(export.results):
        row = {column.key: column.cell(result) for column in table}
        comma = b",\n" if number else b"\n"
        file.write(comma + json.dumps(row, ensure_ascii=False, allow_nan=False).encode())
    file.write(b"\n]}\n")
