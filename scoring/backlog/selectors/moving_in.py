"""What is still missing for a company's first ranking, and where it is mended."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from projects.customers.models import JourneyStage, Segment
from projects.cycles.selectors import open_cycle
from projects.people.models import Function, Team, User
from projects.proposals.models.proposals import Proposal
from projects.registers import FROM_HOME
from scoring.framework.selectors import draft_version, published_version
from scoring.panel.models import Seat
from scoring.panel.selectors import held_seats
from scoring.ranking.models import RankedProposal
from scoring.scorecards.models import Scorecard

BOTH = (Function.MARKETING, Function.CX)
JUDGES = 2  # one alone says nothing of how far judges differ


def _form(name: str) -> str:
    """A form of the administration that leads back home."""
    return f"{reverse(f'admin:{name}')}?{FROM_HOME}"


@dataclass(frozen=True)
class Step:
    """``missing`` is a sentence, empty once it is done; ``links`` are (words, address)."""

    name: str
    missing: str
    links: tuple[tuple[str, str], ...] = ()
    usual_journey: bool = False

    @property
    def is_done(self) -> bool:
        return not self.missing


def moving_in() -> list[Step]:
    """The steps to the first ranking, in their order."""
    return [_teams(), _people(), _cycle(), _journey(), _framework(), _panel(), *_work()]


def is_moved_in() -> bool:
    """Whether anything was ever ranked here; in a run of incomplete proposals nothing is."""
    return RankedProposal.objects.exclude(rank=None).exists()


def _teams() -> Step:
    known = set(Team.objects.values_list("function", flat=True))
    lacking = [function.label for function in BOTH if function not in known]
    missing = f"There is no team of {' and none of '.join(lacking)} yet." if lacking else ""
    links = (("Add a team", _form("projects_team_add")),)
    return Step("Teams of Marketing and CX", missing, links)


def _people() -> Step:
    people = User.objects.filter(is_active=True, is_service=False)
    counts = people.aggregate(
        **{function.value: Count("pk", filter=Q(team__function=function)) for function in BOTH},
        leaders=Count("pk", filter=Q(is_leader=True)),
    )
    lacking = [f"nobody in {function.label}" for function in BOTH if not counts[function.value]]
    if not counts["leaders"]:
        lacking.append("no leader who decides")
    missing = f"There is {', '.join(lacking)} yet." if lacking else ""
    links = (
        ("Invite somebody", reverse("person-invite")),
        ("Import a list of people", reverse("people-import")),
    )
    return Step("People who propose, and a leader", missing, links)


def _cycle() -> Step:
    missing = "" if open_cycle() else "No cycle is current and open for proposals."
    links = (("Add a cycle", _form("projects_cycle_add")),)
    return Step("A cycle with its budget and dates", missing, links)


def _journey() -> Step:
    if JourneyStage.objects.exists() and Segment.objects.exists():
        return Step("The journey of your customers", "")
    links = (
        ("Add a stage", _form("projects_journeystage_add")),
        ("Add a segment", _form("projects_segment_add")),
    )
    missing = "Effects are stated by journey stage and segment; one of them is missing."
    return Step(
        "The journey of your customers",
        missing,
        links,
        usual_journey=not JourneyStage.objects.exists(),
    )


def _framework() -> Step:
    if published_version() is not None:
        return Step("A framework in force", "")
    if draft_version() is not None:
        links = (("Open the draft", reverse("admin:framework")),)
        return Step("A framework in force", "A draft waits to be published.", links)
    links = (("Choose one to begin with", reverse("admin:framework-ready")),)
    return Step("A framework in force", "There is none yet.", links)


def _panel() -> Step:
    seats = held_seats()
    counts = seats.aggregate(all=Count("pk"), chairs=Count("pk", filter=Q(is_chair=True)))
    missing = ""
    if counts["all"] < JUDGES:
        missing = f"{counts['all']} of at least {JUDGES} seats taken."
    elif not counts["chairs"]:
        missing = "Nobody chairs it."
    elif unjudged := _without_judges(seats):
        missing = (
            f"{unjudged} of the submitted proposals have fewer than {JUDGES} panelists, as "
            "nobody judges the own team's. Seat somebody of another team."
        )
    links = (("Give somebody a seat", _form("scoring_seat_add")),)
    return Step("A panel that judges", missing, links)


def _without_judges(seats: QuerySet[Seat]) -> int:
    """How many submitted proposals of the open cycle too few seats may judge."""
    teams = list(seats.values_list("user__team", flat=True))
    pairs = (
        Proposal.objects.filter(cycle=open_cycle(), status=Proposal.Status.SUBMITTED)
        .values_list("marketing_owner__team", "cx_owner__team")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return sum(
        count for *owners, count in pairs if sum(team not in owners for team in teams) < JUDGES
    )


def _work() -> list[Step]:
    cycle = open_cycle()
    sent = Proposal.objects.filter(cycle=cycle, status=Proposal.Status.SUBMITTED).count()
    given = Scorecard.objects.filter(
        proposal__cycle=cycle, status=Scorecard.Status.SUBMITTED
    ).exists()
    return [
        Step(
            "Proposals, signed by both owners",
            "" if sent else "None is submitted.",
            (("Import a list", reverse("imports")), ("See who is writing", reverse("proposals"))),
        ),
        Step("Judgements", "" if given else "The panel has judged nothing yet."),
        Step(
            "The first ranking",
            "It is made by itself a minute after the judgements are in, or under Runs.",
            (("Runs", reverse("runs")),),
        ),
    ]
