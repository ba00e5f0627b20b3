"""A hundred people at work at once, with a ranking of a thousand proposals every minute."""

import io
import random
import time
from uuid import uuid4

from django.db import connection

from chaos.ledger import ask_for_run, broken_audit, lost_writes, not_done_exactly_once, state
from chaos.site import Site, until
from chaos.visitors import Judge, Tally, keep_busy, proposal_body, signed_in
from projects.imports.services import Table, import_proposals, read_table
from projects.models import Cycle, JourneyStage, Segment, User
from scoring.framework.selectors import criteria_to_judge, published_version
from scoring.models import RankingRun
from scoring.scorecards.services import bring_judgements

DRAWS = 10_000
JUDGES = ("david", "fatima")
HEAD = (
    "reference,title,marketing_owner,cx_owner,problem,customer_job,marketing_part,cx_part,"
    "one_off_cost_low,one_off_cost_likely,one_off_cost_high,"
    "retention_low,retention_likely,retention_high,stage,segment,reach,points,evidence"
)
RUN_EVERY = 60.0  # seconds
THINKS = 5.0, 15.0  # seconds between two pages of one person
SLOWEST = 0.8  # seconds, of nineteen answers in twenty
ROLES = ("marketing", "marketing", "marketing", "cx", "cx", "panelist", "panelist", "leader")
READ = {
    "marketing": ["/", "/proposals/", "/backlog/", "/customers/", "/proposals/{}/"],
    "cx": ["/", "/proposals/", "/insights/", "/kpis/", "/proposals/{}/"],
    "panelist": ["/", "/admin/", "/admin/grid/", "/framework/", "/proposals/{}/"],
    "leader": ["/", "/backlog/", "/backlog/{}/", "/backlog/charts/", "/outcomes/"],
}


def crowd(site: Site, people: int, minutes: float, proposals: int) -> list[str]:
    bring(range(proposals))
    judge_all(range(proposals))
    site.start_web()
    site.start_worker()
    site.start_dispatcher()
    ask_for_run(DRAWS)
    tally = Tally()
    at_work = [Person(site.url, tally, ROLES[number % len(ROLES)]) for number in range(people)]
    judge = Judge(signed_in(site.url, Tally(), "panelist"))
    first = RankingRun.objects.latest("pk").pk
    until(lambda: state(first)[0] == RankingRun.Status.DONE, 120, "the first ranking")
    known = [row.proposal_id for row in RankingRun.objects.get(pk=first).results.all()]
    for person in at_work:
        person.known = known
    judge.visitor.tally = tally

    def judged() -> None:
        think()
        judge.score()

    finish = keep_busy([*(person.act for person in at_work), judged])
    runs, end = [], time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        connection.close()
        runs.append(ask_for_run(DRAWS))
        time.sleep(min(RUN_EVERY, max(end - time.monotonic(), 0)))
    finish()
    connection.close()
    until(lambda: all(state(run)[0] == RankingRun.Status.DONE for run in set(runs)), 120, "runs")
    written = {pk: title for person in at_work for pk, title in person.written.items()}
    lost, late = lost_writes(written), tally.quantile(0.95)
    print(f"{people} people for {minutes:g} minutes, {len(set(runs))} rankings: {tally}")
    print(
        f"  {len(tally.times):,} answers, {tally.failures()} failed; half within "
        f"{tally.quantile(0.5) * 1000:.0f} ms, 19 of 20 within {late * 1000:.0f} ms; "
        f"{len(written)} drafts acknowledged, {len(lost)} lost"
    )
    wrong = [*lost, *broken_audit(), *not_done_exactly_once(set(runs))]
    if tally.failures() or not written:
        wrong.append(f"{tally.failures()} requests failed, {len(written)} drafts were written")
    if late > SLOWEST:
        wrong.append(f"one answer in twenty took longer than {late:.2f} s")
    return wrong


def think() -> None:
    time.sleep(random.uniform(*THINKS))


class Person:
    """Reads the pages of a role, and writes a draft now and then."""

    def __init__(self, url: str, tally: Tally, role: str) -> None:
        self.visitor, self.role = signed_in(url, Tally(), role), role
        self.visitor.tally = tally
        self.known: list[int] = []
        self.written: dict[int, str] = {}
        self.body = proposal_body("")

    def act(self) -> None:
        think()
        if self.role == "marketing" and random.random() < 0.2:
            self.write()
            return
        path = random.choice(READ[self.role])
        self.visitor.ask(path, "GET", path.format(random.choice(self.known)))

    def write(self) -> None:
        title = f"Draft {uuid4().hex[:12]}"
        made = self.visitor.api(
            "write",
            "POST",
            "proposals/",
            self.body | {"title": title},
            Idempotency_Key=str(uuid4()),
        )
        if made.status == 201:
            self.written[made.json()["id"]] = title


def bring(numbers: range) -> None:
    """Proposals of these numbers, by a list."""
    dice = random.Random(numbers.start)
    stages = list(JourneyStage.objects.values_list("name", flat=True))
    segments = list(Segment.objects.values_list("name", flat=True))
    lines = []
    for number in numbers:
        cost, benefit = dice.randint(9, 900) * 1_000, dice.randint(9, 900) * 1_000
        amounts = [f"{part * amount}" for amount in (cost, benefit) for part in (1, 2, 4)]
        felt = [
            dice.choice(stages),
            dice.choice(segments),
            str(dice.randint(100, 90_000)),
            "7",
            "user",
        ]
        texts = [f"C-{number}", f"Proposal {number}", "marketing", "cx", *4 * ["As told."]]
        lines.append(",".join([*texts, *amounts, *felt]))
    report = import_proposals(
        actor=User.objects.get(username="admin"),
        cycle=Cycle.objects.get(is_current=True),
        table=listed(HEAD, lines),
        attestation="For a crowd",
    )
    assert not report.errors, report.errors[:3]


def judge_all(numbers: range) -> None:
    """What two panelists said of the proposals of these numbers, by a list of each."""
    admin, dice = User.objects.get(username="admin"), random.Random(numbers.start)
    version = published_version()
    assert version is not None
    for judge in JUDGES:
        asked = criteria_to_judge(version, User.objects.get(username=judge))
        head = ",".join(["proposal", "panelist", *(criterion.key for criterion in asked)])
        levels = [[str(level.value) for level in criterion.levels.all()] for criterion in asked]
        lines = [
            ",".join([f"C-{number}", judge, *(dice.choice(values) for values in levels)])
            for number in numbers
        ]
        _, errors = bring_judgements(actor=admin, table=listed(head, lines), dry_run=False)
        assert not errors, errors[:3]


def listed(head: str, lines: list[str]) -> Table:
    return read_table(io.BytesIO("\n".join([head, *lines]).encode()), "crowd.csv")
