"""Handing a file over: always as a download, never shown in the page."""

import tempfile
from typing import Any

from django.http import FileResponse, Http404, QueryDict

from projects.people.models import User
from scoring.exports.files import CONTENT_TYPES, WRITERS
from scoring.exports.files.seal import ListChanged
from scoring.exports.models import ExportJob
from scoring.exports.selectors import file_of
from scoring.exports.services.content import export_of
from scoring.ranking.models import RankingRun

IN_MEMORY = 4 * 1024 * 1024


def written(run: RankingRun, query: QueryDict, kind: str, reader: User) -> Any:
    """The file, on disk where it is large; a list that changed meanwhile is read once more."""
    file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        WRITERS[kind](export_of(run, query, reader), file)
    except ListChanged:
        file.seek(0)
        file.truncate()
        WRITERS[kind](export_of(run, query, reader), file)
    file.seek(0)
    return file


def file_response(job: ExportJob) -> FileResponse:
    """The file of a finished job; 404 before it is there and after its day."""
    if job.status != ExportJob.Status.DONE:
        raise Http404
    try:
        file = file_of(job).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return download(file, job.shown_name, job.format)


def download(file: Any, name: str, kind: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
