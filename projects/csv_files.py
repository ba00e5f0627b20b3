"""A table as a CSV file to save."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.http import HttpResponse

from projects.spreadsheet_text import escaped

PLAIN = (int, float, Decimal, date)


def csv_file(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Texts so that no spreadsheet runs them; numbers and days as they are; None is empty."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    writer = csv.writer(answer)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return answer


def _cell(value: object) -> object:
    if value is None:
        return ""
    return value if isinstance(value, PLAIN) else escaped(str(value))
