"""Reads of the framework."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from projects.customers.models import CONFIDENCE, Evidence
from projects.cycles.models import Cycle
from projects.people.models import User
from projects.proposals.models.fields import CustomField
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import (
    Ballot,
    Criterion,
    Dimension,
    DraftComment,
    FrameworkVersion,
    WeightProfile,
)

SAID = {"yes": "yes", "no": "no", "abstain": "abstained"}


def with_structure(versions: QuerySet[FrameworkVersion]) -> QuerySet[FrameworkVersion]:
    """Add dimensions, criteria, levels, profiles and weights in a fixed number of queries."""
    return versions.select_related("framework", "published_by").prefetch_related(
        Prefetch(
            "dimensions",
            queryset=Dimension.objects.prefetch_related(
                "weights",
                Prefetch(
                    "criteria",
                    queryset=Criterion.objects.order_by("position", "id").prefetch_related(
                        "levels"
                    ),
                ),
            ),
        ),
        Prefetch("profiles", queryset=WeightProfile.objects.prefetch_related("weights")),
    )


def published_version() -> FrameworkVersion | None:
    """The version in force, with its structure."""
    return with_structure(_in_force()).first()


def published_scales() -> FrameworkVersion | None:
    """The version in force with its criteria and levels alone, which is what a score needs."""
    return _in_force().prefetch_related("dimensions__criteria__levels").first()


def proposal_types() -> list[tuple[str, str]]:
    """Key and name of each type of proposal that the version in force weighs in a way of its own.

    None where it weighs all alike.
    """
    profiles = WeightProfile.objects.filter(framework_version__in=_in_force()).exclude(key="")
    return list(profiles.values_list("key", "name"))


def charter() -> FrameworkVersion | None:
    """The version by whose rules the panel decides on the next one, alone."""
    return _in_force().first()


def ratified_version() -> FrameworkVersion | None:
    """What the panel has said yes to and comes into force after its cycle, with its structure."""
    versions = FrameworkVersion.objects.filter(status=FrameworkVersion.Status.RATIFIED)
    return with_structure(versions).select_related("after_cycle").first()


def judged_cycle() -> Cycle | None:
    """The current cycle, if somebody has judged one of its proposals already."""
    judged = Proposal.objects.filter(cycle=OuterRef("pk"), scorecards__status="submitted")
    return Cycle.objects.filter(Exists(judged), is_current=True).first()


def _in_force() -> QuerySet[FrameworkVersion]:
    return FrameworkVersion.objects.filter(status=FrameworkVersion.Status.PUBLISHED)


def draft_version() -> FrameworkVersion | None:
    versions = FrameworkVersion.objects.filter(status=FrameworkVersion.Status.DRAFT)
    return with_structure(versions).first()


def votes_on(version: FrameworkVersion) -> dict[str, int]:
    """How many said what to the text that was ratified; none to a provisional one."""
    cast = version.ballots.filter(text=version.version)
    counts = {choice: Count("pk", filter=Q(choice=choice)) for choice in Ballot.Choice.values}
    return cast.aggregate(**counts)


def ratified_by(version: FrameworkVersion) -> str:
    """The panel's vote on a version that was in force, in words for files."""
    votes = votes_on(version)
    if not votes["yes"]:
        return "provisional, without a vote of the panel"
    said = ", ".join(f"{votes[choice]} {word}" for choice, word in SAID.items())
    return f"ratified by the panel: {said}"


def comments_on(version: FrameworkVersion) -> QuerySet[DraftComment]:
    """What the panel says to the draft of this number, as it came."""
    said = DraftComment.objects.filter(framework=version.framework_id, number=version.number)
    return said.select_related("author")


def to_vote_on(user: User) -> FrameworkVersion | None:
    """The draft that the panel votes on, if the person has not yet."""
    cast = Ballot.objects.filter(
        framework_version=OuterRef("pk"), text=OuterRef("version"), member=user
    )
    asked = FrameworkVersion.objects.filter(
        ~Exists(cast), status=FrameworkVersion.Status.DRAFT, vote_closes__isnull=False
    )
    return asked.select_related("framework").first()


def last_vote() -> tuple[FrameworkVersion, list[Ballot]] | None:
    """The version last voted on, with the ballots on that text, once the vote is over."""
    last = Ballot.objects.select_related("framework_version__framework").last()
    if last is None:
        return None
    version = last.framework_version
    if version.is_voted_on and version.version == last.text:
        return None
    ballots = version.ballots.filter(text=last.text).select_related("member")
    return version, list(ballots)


def criteria_of(version: FrameworkVersion) -> list[Criterion]:
    """All criteria in the order people read them (needs ``with_structure``)."""
    return [
        criterion
        for dimension in version.dimensions.all()
        for criterion in dimension.criteria.all()
    ]


def judged_criteria(version: FrameworkVersion) -> list[Criterion]:
    return [criterion for criterion in criteria_of(version) if criterion.is_judged]


def criteria_to_judge(version: FrameworkVersion, user: User) -> list[Criterion]:
    """The judged criteria that are for the person's function."""
    return [
        criterion
        for criterion in judged_criteria(version)
        if not criterion.judged_by or user.function in criterion.judged_by
    ]


def unmet_answers(version: FrameworkVersion, proposal: Proposal) -> list[str]:
    """What a greenlight needs answered and is not, a sentence each; what is not asked of this
    type of proposal is not needed of it either.
    """
    if not version.needed_answers:
        return []
    given = {row.field.key: row for row in proposal.answers.select_related("field")}
    fields = {field.key: field for field in CustomField.objects.all()}
    found = []
    for key, passing in version.needed_answers.items():
        field, row = fields.get(key), given.get(key)
        if field is not None and field.category not in ("", proposal.category):
            continue
        name = key if field is None else field.name
        if row is None:
            found.append(f"“{name}” is not answered")
        elif passing and row.value not in passing:
            found.append(
                f"“{name}” is “{row.value}”, and a greenlight needs {' or '.join(passing)}"
            )
    return found


def weight_of(criterion: Criterion, dimension_weight: Decimal) -> Decimal:
    """Per cent of the whole that a criterion carries, under one profile."""
    return dimension_weight * criterion.weight / 100


def spec_of(version: FrameworkVersion) -> dict[str, Any]:
    """The whole version as plain data: what a draft is saved from, and what a run pins."""
    profiles = list(version.profiles.all())
    return {
        "name": version.framework.name,
        "summary": version.summary,
        "parameters": parameters_of(version),
        "charter": {
            "quorum": version.quorum,
            "majority": version.majority,
            "must_agree": version.must_agree,
            "gates": version.gates,
            "needed_answers": version.needed_answers,
            "second_above": _text(version.second_above),
        },
        "profiles": [{"key": profile.key, "name": profile.name} for profile in profiles],
        "dimensions": [
            _dimension_spec(dimension, profiles) for dimension in version.dimensions.all()
        ],
    }


def parameters_of(version: FrameworkVersion) -> dict[str, Any]:
    """The rules of the sum."""
    return {
        "discount_rate": str(version.discount_rate),
        "coverage_limit": str(version.coverage_limit),
        "single_rater_spread": str(version.single_rater_spread),
        "corrects_severity": version.corrects_severity,
        "believes_evidence": version.believes_evidence,
        "prior_roi": str(version.prior_roi),
        "prior_spread": str(version.prior_spread),
        "evidence_half_life": _text(version.evidence_half_life),
        # Ours: a kind of evidence that is only claimed counts as a plan at most.
        "most_unbacked": str(CONFIDENCE[Evidence.PLANS]),
        "cost_uplift": str(version.cost_uplift),
        "weight_spread": str(version.weight_spread),
        "draws": version.draws,
        "cost_unit": _text(version.cost_unit),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _dimension_spec(dimension: Dimension, profiles: list[WeightProfile]) -> dict[str, Any]:
    weights = {weight.profile_id: weight.weight for weight in dimension.weights.all()}
    return {
        "key": dimension.key,
        "name": dimension.name,
        "weights": {profile.key: str(weights[profile.pk]) for profile in profiles},
        "criteria": [
            {
                "key": criterion.key,
                "name": criterion.name,
                "question": criterion.question,
                "source": criterion.source,
                "weight": str(criterion.weight),
                "knots": criterion.knots,
                "judged_by": criterion.judged_by,
                "levels": [
                    {"value": str(level.value), "label": level.label, "wording": level.wording}
                    for level in criterion.levels.all()
                ],
            }
            for criterion in dimension.criteria.all()
        ],
    }
