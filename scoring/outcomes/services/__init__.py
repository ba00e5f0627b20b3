"""What became of what was greenlit: reporting it, what was expected of it, what it teaches."""

from scoring.outcomes.services.expected import Progress, Sum, progress_of
from scoring.outcomes.services.record import draft_lessons
from scoring.outcomes.services.reports import remind_of_reports, report_progress

__all__ = [
    "Progress",
    "Sum",
    "draft_lessons",
    "progress_of",
    "remind_of_reports",
    "report_progress",
]
