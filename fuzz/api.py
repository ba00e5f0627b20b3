"""Requests made from the API's own description, mixed with objects that are really there."""

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import uuid4

import schemathesis
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok

from fuzz.ground import JSON
from fuzz.imports import place_of
from fuzz.world import World

LEAST_ACCEPTED = 0.3
MOST_SHOWN = 20


@dataclass
class Findings:
    """Per operation and person: how many were asked, accepted, and what broke."""

    asked: Counter[tuple[str, str]]
    accepted: Counter[tuple[str, str]]
    statuses: defaultdict[str, Counter[int]]
    broken: Counter[str]

    def best(self, operation: str) -> tuple[float, str]:
        """(share of accepted requests, who) for whom the operation lets in most."""
        shares = (
            (self.accepted[key] / count, key[1])
            for key, count in self.asked.items()
            if key[0] == operation
        )
        return max(shares)


def fuzz_api(cases: int, number: int) -> list[str]:
    world = World()
    description = SchemaGenerator().get_schema(request=None, public=True)
    operations = []
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(found, Ok), found
        operations.append(found.ok())
    findings = Findings(Counter(), Counter(), defaultdict(Counter), Counter())
    each = max(1, cases // (len(operations) * len(world.people)))
    began = time.monotonic()
    for operation in operations:
        for who in world.people:
            ask_often(world, findings, operation, who, each, number)
    total = sum(findings.asked.values())
    print(
        f"{total:,} requests to {len(operations)} operations by {len(world.people)} people "
        f"in {time.monotonic() - began:.0f} s, {sum(findings.broken.values())} answered 5xx"
    )
    wrong = [f"{count} x {text}" for text, count in findings.broken.most_common(MOST_SHOWN)]
    for operation in operations:
        name = name_of(operation)
        share, who = findings.best(name)
        counts = ", ".join(
            f"{count} x {status}" for status, count in sorted(findings.statuses[name].items())
        )
        print(f"  {name:34} {share:4.0%} of {who + chr(39)}s accepted; all: {counts}")
        if share < LEAST_ACCEPTED:
            wrong.append(f"{name}: only {share:.0%} accepted, and that of {who}")
    return wrong + unnoticed_fault(world, operations)


def name_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def ask_often(
    world: World, findings: Findings, operation: Any, who: str, times: int, number: int
) -> None:
    name = name_of(operation)

    @seed(number)
    @settings(
        max_examples=times,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask_once(case: Any) -> None:
        random = Random(f"{number} {name} {who} {findings.asked[name, who]}")
        status, problem = ask(world, name, who, case, random)
        findings.asked[name, who] += 1
        findings.accepted[name, who] += status < 400
        findings.statuses[name][status] += 1
        if problem:
            findings.broken[f"{name} by {who}: {problem}"] += 1

    ask_once()


def ask(world: World, name: str, who: str, case: Any, random: Random) -> tuple[int, str]:
    """(status, what broke); nothing stays in the database."""
    good = world.good(name, who, random)
    path, query, headers, data = case.formatted_path, dict(case.query), {}, body_of(case)
    if random.random() < 0.9 and good.pk:
        path = case.operation.path.replace(f"{{{next(iter(case.path_parameters))}}}", str(good.pk))
    if random.random() < 0.9 and good.version is not None:
        headers["If-Match"] = f'"{good.version}"'
    if random.random() < 0.3:
        headers["Idempotency-Key"] = random.choice([fresh_key(), "no key", "0" * 300])
    if random.random() < 0.7:
        query = {key: value for key, value in query.items() if random.random() < 0.3} | {"page": 1}
    if good.body is not None and random.random() < 0.9:
        data = json.dumps(mixed(good.body, case.body, random))
    if data and random.random() < 0.03:
        data = data[: random.randrange(len(data))]
    with transaction.atomic():
        good.before()
        answer = send(world.clients[who], case.method, path, query, headers, data)
        transaction.set_rollback(True)
    if answer.status_code < 500:
        return answer.status_code, ""
    error = getattr(answer, "exc_info", None)
    told = f"{error[1]!r:.150} in {place_of(error[1])}" if error else answer.content[:100]
    return answer.status_code, f"{answer.status_code} {told}"


def send(
    client: Client, method: str, path: str, query: Any, headers: dict[str, str], data: str
) -> Any:
    return client.generic(
        method,
        path,
        data,
        JSON,
        headers=headers,
        QUERY_STRING=urlencode(query, doseq=True, errors="surrogatepass"),
    )


def body_of(case: Any) -> str:
    return "" if case.body is NOT_SET else json.dumps(case.body)


def mixed(good: Any, made: Any, random: Random) -> Any:
    """The good body, in every third request with something of the made one in its place."""
    if random.random() < 0.65 or not isinstance(made, dict):
        return good
    taken = random.sample(sorted(made), min(len(made), random.choice([1, 1, 2])))
    return good | {key: made[key] for key in taken}


def unnoticed_fault(world: World, operations: list[Any]) -> list[str]:
    """An operation that breaks must be seen to break."""
    [teams] = [operation for operation in operations if name_of(operation) == "teams_list"]
    findings = Findings(Counter(), Counter(), defaultdict(Counter), Counter())
    with patch("projects.people.api.TeamViewSet.get_queryset", side_effect=KeyError("planted")):
        ask_often(world, findings, teams, "leader", 3, 1)
    found = next(iter(findings.broken), "")
    print(f"  planted a view that breaks: {found or 'NOT FOUND'}")
    return [] if found else ["a view that breaks was not noticed"]


def fresh_key() -> str:
    return str(uuid4())
