"""Bringing an existing list in: a file and a mapping become proposals, all rows or none."""

from projects.services.imports.load import Report, import_proposals
from projects.services.imports.mapping import Mapping, RowError, read_mapping
from projects.services.imports.setup import create_missing
from projects.services.imports.table import Table, read_table

__all__ = [
    "Mapping",
    "Report",
    "RowError",
    "Table",
    "create_missing",
    "import_proposals",
    "read_mapping",
    "read_table",
]
