"""What a file says about itself: digests by row and column, and the signature over them."""

from scoring.exports.files.digests import Digests
from scoring.exports.files.signing import holds
from scoring.exports.files.table import Cell, Column
from scoring.exports.files.verify.files import ExportFile

MOST_NAMED = 6  # columns in one sentence


def alterations(file: ExportFile) -> list[str]:
    """Every way in which the file departs from its own seal; empty when it is whole.

    The digests alone do not prove anything, since who alters a cell can compute them anew; the
    signature over them does, if its key is one that the reader trusts.
    """
    found = list(file.told)
    if not holds(file.document):
        found.append("The seal itself was altered: its signature does not fit.")
    # A PDF prints only the first rows.
    count = file.document.get("printed", file.document["seal"]["rows"])
    if count != len(file.rows):
        found.append(f"The seal says {count} rows, the file has {len(file.rows)}.")
    numbers = [_number(mark) for mark in file.marks]
    found += _misplaced(numbers, len(file.rows) if not isinstance(count, int) else count)
    return found + _altered(file, numbers)


def _misplaced(numbers: list[int], count: int) -> list[str]:
    present = set(numbers)
    missing = [number for number in range(1, count + 1) if number not in present]
    found = []
    if missing:
        found.append(f"Missing: {_listed([f'row {number}' for number in missing])}.")
    if len(present) < len(numbers):
        found.append("A row is there twice.")
    if not missing and numbers != sorted(numbers):
        found.append("The rows stand in another order than they were written in.")
    return found


def _altered(file: ExportFile, numbers: list[int]) -> list[str]:
    """Rows whose digest does not fit, with the columns where those can be told."""
    table = file.table
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    complete = [numbers[place] for place in order] == list(range(1, len(numbers) + 1))
    whole = Digests(table)
    rows = [
        [_cell(column, file.rows[place].get(column.key)) for column in table] for place in order
    ]
    wrong = []
    for place, row in zip(order, rows, strict=True):
        whole.count = numbers[place] - 1
        [mark] = whole.take([row]).marks
        if mark != file.marks[place]:
            wrong.append((numbers[place], str(file.rows[place].get("reference"))))
    whole.count = len(rows)
    sealed, now = file.document["digests"], whole.totals()
    if not complete:
        return [f"Row {number} ({reference}) was altered." for number, reference in wrong]
    touched = [
        column.heading
        for column in table
        if sealed["columns"].get(column.key) != now["columns"][column.key]
    ]
    if not wrong and (touched or sealed["rows"] != now["rows"]):
        where = f" in {_listed(touched)}" if touched else ""
        return [f"Cells{where} and the digests of their rows were altered."]
    where = _listed(touched) or "the seal of the row"
    if len(wrong) == 1:
        number, reference = wrong[0]
        return [f"Row {number} ({reference}) was altered: {where}."]
    return [
        f"Row {number} ({reference}) was altered, in one of: {where}."
        for number, reference in wrong
    ]


def _number(mark: str) -> int:
    number = mark.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _cell(column: Column, cell: Cell) -> Cell:
    """What can be hashed: text as text, and nothing in the place of what is no number."""
    if column.is_text:
        return "" if cell is None else str(cell)
    return cell if isinstance(cell, int | float) else None


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
