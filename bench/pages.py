"""Pages and lists beside the plainest Django view and REST list that show the same rows.

Used by ``bench.company`` on its database; both sides go through the same test client, middleware
and sign-in and take turns, so that only the difference of the views counts. The floor shows the
twelve columns below; our page says more of each line, our list answers all 31 keys.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from rest_framework import generics, serializers

from projects.models import User
from scoring.backlog.views import charts, comparison
from scoring.models import RankedProposal
from scoring.ranking.selectors import snapshot, stored
from tests.pages import come_in

ROUNDS, FIRST_LOOKS, ROWS = 40, 7, 50
FEW = 10  # rounds of what stands alone
COLUMNS = (
    "rank",
    "title",
    "marketing_team",
    "cx_team",
    "value",
    "roi",
    "roi_p10",
    "roi_p90",
    "impact",
    "cost",
    "p_funded",
    "line",
)
TABLE = engines["django"].from_string(
    "<!DOCTYPE html><title>Floor</title><p>{{ user }}</p><table>{% for row in rows %}<tr>"
    "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def _rows() -> Any:
    newest = RankedProposal.objects.order_by("-run_id").values("run_id")[:1]
    return RankedProposal.objects.filter(run_id=newest).order_by("position")


@login_required
def floor_page(request: HttpRequest) -> HttpResponse:
    rows = _rows()
    count = rows.count()
    shown = list(rows.values_list(*COLUMNS)[:ROWS])
    return HttpResponse(TABLE.render({"rows": shown, "count": count}, request))


class FloorSerializer(serializers.ModelSerializer[RankedProposal]):
    class Meta:
        model = RankedProposal
        fields = COLUMNS


class FloorList(generics.ListAPIView[RankedProposal]):
    serializer_class = FloorSerializer

    def get_queryset(self) -> Any:
        return _rows()


urlpatterns = [
    path("", include("prioritizer.urls")),
    path("floor/", floor_page),
    path("floor/api/", FloorList.as_view()),
]


CHARTS = [f"/backlog/charts/{kind}/" for kind in charts.KINDS]
PAGES = ["/", "/proposals/", "/runs/", "/runs/compare/", "/framework/", "/exports/"]
PANEL = ["/admin/grid/", "/admin/differences/", "/admin/judgements/"]
LISTS = ["/api/v1/proposals/", "/api/v1/scorecards/", "/api/v1/runs/"]


def measure(person: User, panelist: User) -> None:
    """Print CPU per answer, queries and bytes for each pair of floor and ours."""
    client = Client(SERVER_NAME="localhost")
    come_in(client, person)

    def get(address: str, **headers: str) -> Callable[[], Any]:
        return lambda: client.get(address, secure=True, headers=headers)

    slide = "/backlog/what-if/?w--computed=61&w--judged=39"
    with override_settings(ROOT_URLCONF="bench.pages"):
        _compare("page of 50 rows", get("/floor/"), get("/backlog/"))
        _first_look("its first look after a run", get("/backlog/"))
        _compare("API list of 50", get("/floor/api/"), get("/api/v1/backlog/"))
        _alone("a slider moved", get(slide, **{"HX-Request": "true"}))
        first = _rows().values_list("proposal", flat=True)[0]
        _alone("why one rank, with its ledger", get(f"/backlog/{first}/"))
        _first_look("its first look after a run", get(f"/backlog/{first}/"))
        _first_look("what if, its first look", get("/backlog/what-if/"))
        for address in [*CHARTS, "/runs/compare/"]:
            _first_look(f"{address}, first look", get(address))
        for address in [*CHARTS, *PAGES, *LISTS]:
            _alone(address, get(address))
        come_in(client, panelist)
        for address in ("/admin/", *PANEL, "/api/v1/queue/", *LISTS):
            _alone(f"a panelist's {address}", get(address))


def _compare(name: str, floor: Callable[[], Any], ours: Callable[[], Any]) -> None:
    """The ratio is the median of all turns': other work on the machine slows both of a turn."""
    floor()
    ours()
    turns = [(_cpu(floor), _cpu(ours)) for _ in range(ROUNDS)]
    base, own = (statistics.median(taken) for taken in zip(*turns, strict=True))
    ratio = statistics.median(second / first for first, second in turns)
    print(f"  {name:<32} floor {base * 1e3:6.1f} ms, ours {own * 1e3:6.1f} ms, {ratio:.2f} x;")
    print(f"  {'':<32} {_facts(floor)} against {_facts(ours)}")


def _alone(name: str, work: Callable[[], Any]) -> None:
    work()
    taken = statistics.median(_cpu(work) for _ in range(FEW))
    print(f"  {name:<32} {taken * 1e3:6.1f} ms; {_facts(work)}")


def _first_look(name: str, work: Callable[[], Any]) -> None:
    """The same in a process that has kept nothing of the run."""

    def taken() -> float:
        _forget()
        return _cpu(work)

    median = statistics.median(taken() for _ in range(FIRST_LOOKS))
    _forget()
    print(f"  {name:<32} {median * 1e3:6.1f} ms; {_facts(work)}")


def _forget() -> None:
    cache.clear()
    stored.forget()
    snapshot.forget()
    charts.forget()
    comparison.forget()


def _cpu(work: Callable[[], Any]) -> float:
    start = time.process_time()
    response = work()
    if response.status_code != 200:
        raise SystemExit(f"{response.status_code} instead of a page")
    return time.process_time() - start


def _facts(work: Callable[[], Any]) -> str:
    with CaptureQueriesContext(connection) as queries:
        size = len(work().content)
    return f"{len(queries)} queries, {size / 1024:.0f} KB"
