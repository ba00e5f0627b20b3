"""The whole seal of a file: the facts of its run, the digests of what it says, the signature."""

from typing import Any

from scoring.exports.files.digests import Digests
from scoring.exports.files.signing import signed
from scoring.exports.files.table import Export


class ListChanged(Exception):
    """A row came or went while the file was being written; to be asked for again."""


def close(export: Export, digests: Digests, **more: Any) -> dict[str, Any]:
    """Sign what was written, once its last row was taken."""
    if digests.count != export.seal.rows:
        raise ListChanged(f"{digests.count} rows were written, {export.seal.rows} announced.")
    return signed(
        {
            "seal": export.seal.facts(),
            "criteria": export.criteria,
            "digests": digests.totals(),
            **more,
        }
    )
