"""The backlog as a file in the browser: what the person sees, with the filter named inside."""

import tempfile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.views.requests import signed_in
from scoring.exports import CONTENT_TYPES, WRITERS, sealed
from scoring.filters import BacklogFilter
from scoring.selectors.backlog import hidden_count, results_of
from scoring.selectors.runs import current_run

IN_MEMORY = 4 * 1024 * 1024


@require_safe
@login_required
def export(request: HttpRequest, kind: str) -> FileResponse:
    user, run = signed_in(request), current_run()
    if kind not in WRITERS or run is None:
        raise Http404
    chosen = BacklogFilter(request.GET, queryset=results_of(run, user), request=request)
    file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    content = sealed(run, chosen.qs, chosen=_words(chosen), withheld=hidden_count(run, user))
    WRITERS[kind](content, file)
    file.seek(0)
    name = f"backlog-run-{run.pk}-{timezone.localdate():%Y-%m-%d}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def _words(chosen: BacklogFilter) -> str:
    """The filter in words, such as "status=submitted, q=card"; "none" for the whole list."""
    given = [(name, chosen.data.get(name)) for name in chosen.filters]
    return ", ".join(f"{name}={value}" for name, value in given if value) or "none"
