"""The tables as CSV, each by a secret address that a spreadsheet asks again and again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects.csv_files import csv_file
from projects.tokens.models import Token
from projects.tokens.services import Refused, token_of
from scoring.figures.selectors import TABLES


@require_safe
@never_cache
def table(_request: HttpRequest, key: str, name: str) -> HttpResponse:
    """What the person whose address it is may see; for anybody else there is no such page."""
    try:
        token = token_of(key, scope=Token.Scope.FIGURES)
    except Refused:
        raise Http404 from None
    if name not in TABLES:
        raise Http404
    return csv_file(name, TABLES[name].columns, TABLES[name].rows(token.person))
