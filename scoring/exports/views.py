"""The backlog as a file: small lists at once, large ones by a worker, each for its owner only."""

from uuid import uuid4

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import check_for_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_http_methods, require_safe

from projects.errors import Conflict
from projects.people.models import User
from projects.people.requests import signed_in
from scoring.backlog.filters import view_address
from scoring.exports.files import WRITERS, suffix_of
from scoring.exports.files.signing import public_key
from scoring.exports.forms import ExportForm
from scoring.exports.models import ExportJob
from scoring.exports.selectors import exports_of
from scoring.exports.services.content import filtered, in_words
from scoring.exports.services.requests import request_export
from scoring.exports.services.send import download, file_response, written
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import current_run

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET gives the file where the list is short, and offers a worker where it is long."""
    user = signed_in(request)
    run = current_run(user)
    if kind not in WRITERS or run is None:
        raise Http404
    if kind == ExportJob.Format.EXCEL_CSV and writes_comma(request):
        kind = ExportJob.Format.EXCEL_CSV_COMMA
    if request.method == "POST":
        return _ask_worker(request, user, run, kind)
    chosen = filtered(run, request.GET)
    rows = chosen.qs.count()
    if rows > settings.EXPORT_ROWS_AT_ONCE:
        context = {
            "run": run,
            "rows": rows,
            "words": in_words(chosen),
            "format": ExportJob.Format(kind),
            "creation_key": uuid4(),
        }
        return render(request, "scoring/exports/export_ask.html", context)
    name = f"backlog-run-{run.pk}-{timezone.localdate():%Y-%m-%d}.{suffix_of(kind)}"
    return download(written(run, request.GET, kind, user), name, kind)


@require_safe
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """The person's own exports, newest first."""
    page = Paginator(exports_of(signed_in(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "scoring/exports/exports.html", {"page_obj": page, "key": public_key()})


@require_safe
@login_required
def export_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One export. While it is written, the page asks for the progress again every second."""
    job = get_object_or_404(exports_of(signed_in(request)), pk=pk)
    htmx = getattr(request, "htmx", False)
    if htmx and not job.is_active:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "scoring/exports/_export_progress.html" if htmx else "scoring/exports/export.html"
    return render(request, template, {"job": job})


@require_safe
@login_required
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    return file_response(get_object_or_404(exports_of(signed_in(request)), pk=pk))


def writes_comma(request: HttpRequest) -> bool:
    """Whether the reader's language, by the browser's word, has a decimal comma."""
    for language, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if check_for_language(language) or language.partition("-")[0] in LANG_INFO:
            return str(get_format("DECIMAL_SEPARATOR", lang=language.partition("-")[0])) == ","
    return False


def _ask_worker(request: HttpRequest, user: User, run: RankingRun, kind: str) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The page was not complete. Load it again and repeat the request.")
        return redirect("exports")
    try:
        job = request_export(
            actor=user,
            run=run,
            kind=kind,
            query=view_address(request.GET),
            creation_key=form.cleaned_data["creation_key"],
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("exports")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("exports")
    return redirect("export", pk=job.pk)
