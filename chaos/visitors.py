"""People at their browsers, who note every answer."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from scoring.demo.company import PASSWORD

NO_ANSWER = 0
PATIENCE_SECONDS = 30.0


@dataclass
class Tally:
    """How often what was answered how, and how long each answer took."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)  # seconds, of each answer
    without_retry_after: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, answer: "Answer", seconds: float) -> None:
        with self.lock:
            self.counts[what, answer.status] += 1
            self.times.append(seconds)
            if answer.status == 503 and "Retry-After" not in answer.headers:
                self.without_retry_after += 1

    def quantile(self, share: float) -> float:
        """Seconds within which that share of the answers came."""
        ordered = sorted(self.times)
        return ordered[max(ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0

    def failures(self) -> int:
        """Answers of 500 and above, and requests without an answer."""
        return sum(
            count for (_, status), count in self.counts.items() if status >= 500 or not status
        )

    def broken(self) -> int:
        """Failures that are not an honest 503 with Retry-After."""
        honest = sum(count for (_, status), count in self.counts.items() if status == 503)
        return self.failures() - honest + self.without_retry_after

    def accepted(self, what: str) -> int:
        return sum(
            count
            for (name, status), count in self.counts.items()
            if name == what and 0 < status < 400
        )

    def __str__(self) -> str:
        rows = (f"{what} {status or '-'}: {n}" for (what, status), n in sorted(self.counts.items()))
        return f"{', '.join(rows)}; slowest answer {self.quantile(1):.1f} s"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def version(self) -> str:
        return str(self.headers["ETag"])


class Visitor:
    def __init__(self, url: str, tally: Tally) -> None:
        self.place, self.tally = urlsplit(url).netloc, tally
        self.cookies: dict[str, str] = {}

    def ask(
        self,
        what: str,
        method: str,
        path: str,
        body: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        given = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrf", ""),
            **(headers or {}),
        }
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection(self.place, timeout=PATIENCE_SECONDS)
            connection.request(method, path, body.encode(), given)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
            connection.close()
        except (OSError, http.client.HTTPException):
            answer = Answer(NO_ANSWER, {}, b"")
        self.tally.note(what, answer, time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie", []) if answer.status else []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, username: str) -> bool:
        self.cookies.clear()
        self.ask("sign-in page", "GET", "/sign-in/")
        form = urlencode({"username": username, "password": PASSWORD})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("sign in", "POST", "/sign-in/", form, kind).status == 302

    def api(self, what: str, method: str, path: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "application/json"}
        text = "" if body is None else json.dumps(body)
        return self.ask(what, method, f"/api/v1/{path}", text, kind | named)


def signed_in(url: str, tally: Tally, username: str) -> Visitor:
    visitor = Visitor(url, tally)
    if not visitor.sign_in(username):
        raise AssertionError(f"{username} could not sign in: {tally}")
    return visitor


def proposal_body(title: str) -> dict[str, Any]:
    from projects.models import JourneyStage, Segment, User

    people = {person.username: person.pk for person in User.objects.all()}
    words = "Told apart by its title."
    certain = {"low": "1000", "likely": "2000", "high": "3000"}
    return {
        "title": title,
        "problem": words,
        "customer_job": words,
        "marketing_part": words,
        "cx_part": words,
        "horizon_months": 36,
        "marketing_owner": people["marketing"],
        "cx_owner": people["cx"],
        "money": [{"kind": "one_off_cost", **certain}, {"kind": "retention", **certain}],
        "effects": [
            {
                "stage": JourneyStage.objects.values_list("name", flat=True)[0],
                "segment": Segment.objects.values_list("name", flat=True)[0],
                "reach": 100,
                "points": "5",
                "evidence": "user",
            }
        ],
    }


def submit_one(marketing: Visitor, cx: Visitor, body: dict[str, Any]) -> bool:
    """The whole way of a proposal: written, signed twice, handed to the panel."""
    made = marketing.api("create", "POST", "proposals/", body, Idempotency_Key=str(uuid4()))
    if made.status != 201:
        return False
    path, digest = f"proposals/{made.json()['id']}/", {"digest": made.json()["digest"]}
    marketing.api("sign", "POST", f"{path}sign/", digest)
    signed = cx.api("sign", "POST", f"{path}sign/", digest)
    if signed.status != 200:
        return False
    done = marketing.api("submit", "POST", f"{path}submit/", If_Match=signed.version)
    return done.status == 200


class Judge:
    """A panelist who keeps changing one scorecard."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        listed = visitor.api("list", "GET", "framework-versions/").json()["results"]
        [current] = [row["id"] for row in listed if row["status"] == "published"]
        spec = visitor.api("read", "GET", f"framework-versions/{current}/").json()["spec"]
        self.criteria = [
            (item["key"], [level["value"] for level in item["levels"]])
            for dimension in spec["dimensions"]
            for item in dimension["criteria"]
            if item.get("levels")
        ]
        self.version, self.turn = '"0"', 0
        for row in visitor.api("list", "GET", "queue/").json()["results"]:
            self.path = f"queue/{row['id']}/scorecard/"
            if self.score():
                return
        raise AssertionError("nothing waits for the panelist")

    def score(self) -> bool:
        self.turn += 1
        answers = [
            {"criterion": key, "level": values[self.turn % len(values)]}
            for key, values in self.criteria
        ]
        body = {"answers": answers, "comment": f"Turn {self.turn}"}
        saved = self.visitor.api("score", "PUT", self.path, body, If_Match=self.version)
        if saved.status == 200:
            self.version = saved.version
        return saved.status == 200


def keep_busy(work: list[Callable[[], object]]) -> Callable[[], None]:
    """Repeat each piece of work in a thread of its own; call the result to end them."""
    over = threading.Event()

    def repeat(step: Callable[[], object]) -> None:
        while not over.is_set():
            step()
            over.wait(0.1)

    threads = [threading.Thread(target=repeat, args=(step,), daemon=True) for step in work]
    for thread in threads:
        thread.start()

    def finish() -> None:
        over.set()
        for thread in threads:
            thread.join(2 * PATIENCE_SECONDS)

    return finish
