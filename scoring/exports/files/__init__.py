"""The backlog as a file. No query is built and no HTTP spoken here: rows in, bytes out."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from scoring.exports.files.csv import write_csv, write_excel_csv
from scoring.exports.files.json import write_json
from scoring.exports.files.pdf import write_pdf
from scoring.exports.files.slides import write_slides
from scoring.exports.files.table import Export, Seal, sealed
from scoring.exports.files.xlsx import write_xlsx

Writer = Callable[[Export, BinaryIO], None]
WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "excel-csv": partial(write_excel_csv, comma=False),
    "excel-csv-comma": partial(write_excel_csv, comma=True),
    "xlsx": write_xlsx,
    "json": write_json,
    "pdf": write_pdf,
    "pptx": write_slides,
}
CSV = "text/csv; charset=utf-8"
CONTENT_TYPES = {
    "csv": CSV,
    "excel-csv": CSV,
    "excel-csv-comma": CSV,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def suffix_of(kind: str) -> str:
    """How the name of a file of this kind ends."""
    return "csv" if "csv" in kind else kind


__all__ = ["CONTENT_TYPES", "WRITERS", "Export", "Seal", "sealed", "suffix_of"]
