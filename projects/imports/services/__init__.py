"""Bringing an existing list in: a file and a mapping become proposals, all rows or none."""

from projects.imports.services.load import Report, import_proposals
from projects.imports.services.mapping import FIELDS, Mapping, RowError, read_mapping
from projects.imports.services.people import PeopleReport, import_people
from projects.imports.services.setup import create_missing
from projects.imports.services.table import Dialect, Table, read_table

__all__ = [
    "FIELDS",
    "Dialect",
    "Mapping",
    "PeopleReport",
    "Report",
    "RowError",
    "Table",
    "create_missing",
    "import_people",
    "import_proposals",
    "read_mapping",
    "read_table",
]
