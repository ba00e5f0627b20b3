"""Health for machines, and the last answer when something broke."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django.views.defaults import server_error as django_server_error

from jobs.selectors import oldest_due_seconds
from prioritizer.middleware import API_PREFIX, OUTAGES, api_problem, outage_response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """The database answers; beside it, how long a run or an export has been waiting."""
    return JsonResponse({"database": "ok", "oldest_due_seconds": oldest_due_seconds()})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that no view met, such as a database lost while the session was read."""
    exception = sys.exception()
    if isinstance(exception, OUTAGES):
        return outage_response(request, exception)
    if request.path.startswith(API_PREFIX):
        return api_problem(500, "This is our fault. It is logged; please try again.")
    return django_server_error(request)


def unknown_address(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """An address under the API's that is none."""
    return api_problem(404, "There is nothing at this address. /api/v1/ lists what there is.")
