"""The backlog as a file. No query is built and no HTTP spoken here: rows in, bytes out."""

from scoring.exports.files.csv import write_csv
from scoring.exports.files.json import write_json
from scoring.exports.files.pdf import write_pdf
from scoring.exports.files.table import Export, Seal, sealed
from scoring.exports.files.xlsx import write_xlsx

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "json": write_json, "pdf": write_pdf}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}

__all__ = ["CONTENT_TYPES", "WRITERS", "Export", "Seal", "sealed"]
