"""CSV: machine numbers, one line per proposal, the seal repeated at the end of each line."""

import csv
from typing import BinaryIO

from scoring.exports.table import Export, columns, escaped

SEALED = ("run", "framework_version", "result_digest", "filter", "rows")


class _Lines:
    """A text sink for ``csv.writer`` that encodes into a binary file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def write_csv(export: Export, file: BinaryIO) -> None:
    table = columns(export.criteria)
    facts = export.seal.facts()
    seal = [escaped(str(facts[name])) for name in SEALED]
    writer = csv.writer(_Lines(file), lineterminator="\r\n")
    writer.writerow([*(column.key for column in table), *SEALED])
    for result in export.results:
        cells = [column.cell(result) for column in table]
        writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in cells] + seal)
