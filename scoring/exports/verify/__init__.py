"""Is an export what was written here? By itself, and against the run that it names."""

from scoring.exports.verify.against_run import differences
from scoring.exports.verify.alone import alterations
from scoring.exports.verify.files import ExportFile, UnreadableExport, read_export

__all__ = ["ExportFile", "UnreadableExport", "alterations", "differences", "read_export"]
