"""Is an export what was written here? By itself, and against the run that it names."""

from scoring.exports.files.verify.against_run import differences
from scoring.exports.files.verify.alone import alterations
from scoring.exports.files.verify.files import ExportFile, UnreadableExport, read_export

__all__ = ["ExportFile", "UnreadableExport", "alterations", "differences", "read_export"]
