"""Comparing a file with the stored run that it names, cell by cell."""

from collections.abc import Iterable

from scoring.exports.files.digests import Digests
from scoring.exports.files.table import Cell, Column, Row
from scoring.exports.files.verify.cells import alike, quoted
from scoring.exports.files.verify.files import ExportFile
from scoring.ranking.models import RankingRun

# What may change after the run; a file shows it as it was on the day.
OF_THE_DAY = {"status", "marketing_owner", "cx_owner"}


def differences(file: ExportFile, run: RankingRun, chunks: Iterable[list[Row]]) -> list[str]:
    """Every way in which ``file`` departs from what ``run`` holds; empty when it is untouched.

    ``chunks`` are all rows of the run, as :func:`scoring.exports.table.read_rows` gives them.
    """
    found = []
    if file.document["seal"]["result_digest"] != run.result_digest:
        found.append("The digest is not that of the run.")
    table = file.table
    places = {column.key: place for place, column in enumerate(table)}
    fit = Digests(table)  # makes the cells what a file can hold
    stored = {
        str(row[places["reference"]]): row for chunk in chunks for row in fit.take(chunk).rows
    }
    for row in file.rows:
        reference = str(row.get("reference"))
        if reference not in stored:
            found.append(f"{reference}: not in the run, or there twice.")
            continue
        found += _altered(reference, row, stored.pop(reference), table)
    return found


def _altered(reference: str, row: dict[str, Cell], true: Row, table: list[Column]) -> list[str]:
    return [
        f"{reference}, {column.heading}: {quoted(row.get(column.key))} should be {quoted(cell)}."
        for column, cell in zip(table, true, strict=True)
        if column.key not in OF_THE_DAY and not alike(row.get(column.key), cell)
    ]
