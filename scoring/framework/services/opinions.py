"""The panel's weights: each member gives their own unseen, then the group's go into the draft."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import Function, User
from scoring.analysis import ahp
from scoring.analysis.drawn_weights import concentration, spread_of
from scoring.framework.models import WIDEST_WEIGHTS, Criterion, FrameworkVersion, WeightOpinion
from scoring.framework.selectors import spec_of, with_structure
from scoring.framework.services.edits import TENTH, with_group_weights
from scoring.framework.services.versions import locked_draft, require_curator, save_draft
from scoring.framework.services.weighing import Item, Method, Weighed, matrix_of, weigh
from scoring.panel.selectors import is_panelist, members

FEWEST = 2  # of whom a spread can be told
EACH, POOLED = "each", "pooled"


@dataclass(frozen=True)
class Group:
    """What is weighed against each other: the dimensions, or the criteria of one of them."""

    key: str
    name: str
    items: list[Item]
    opinions: list[WeightOpinion]

    @property
    def keys(self) -> str:
        return " ".join(item.key for item in self.items)

    def own(self, user: User) -> WeightOpinion | None:
        return next((row for row in self.opinions if row.member_id == user.pk), None)

    @cached_property
    def table(self) -> np.ndarray:
        """The members' weights, shares, (members, items)."""
        return np.array([row.weights for row in self.opinions])

    @cached_property
    def pooled(self) -> Weighed | None:
        """Weights of the members' comparisons put together first; None where not all compared
        every pair.
        """
        matrices = [
            matrix_of(self.items, row.answers)
            for row in self.opinions
            if row.method == Method.PAIRWISE
        ]
        if len(matrices) < max(FEWEST, len(self.opinions)) or np.isnan(matrices).any():
            return None
        together = ahp.aggregate_judgments(matrices)
        ratio = ahp.consistency(together).ratio
        return Weighed({}, ahp.eigenvector(together).tolist(), [f"consistency ratio {ratio:.2f}"])

    def weights(self, how: str) -> list[float]:
        """The group's weights: the mean of the members', or from the pooled comparisons."""
        if how == POOLED:
            if self.pooled is None:
                raise Conflict(f"Not everybody compared every pair of “{self.name}”.")
            return self.pooled.weights
        mean: list[float] = ahp.aggregate_priorities(self.table).tolist()
        return mean

    def mean_of(self, function: Function) -> list[float] | None:
        """The mean of a function's members; None of fewer than two, who would be known by it."""
        own = [row.weights for row in self.opinions if row.function == function]
        mean: list[float] = np.mean(own, axis=0).tolist() if len(own) >= FEWEST else []
        return mean or None


def groups_of(version: FrameworkVersion) -> list[Group]:
    """What there is to weigh, with the opinions on just these items (needs ``with_structure``)."""
    dimensions = [row for row in version.dimensions.all() if row.criteria.all()]
    found = []
    if any(not profile.key for profile in version.profiles.all()):
        found.append(Group("", "Dimensions", [Item(row.key, row.name) for row in dimensions], []))
    for row in dimensions:
        items = [Item(item.key, item.name, _span(item)) for item in row.criteria.all()]
        found.append(Group(row.key, row.name, items, []))
    given = WeightOpinion.objects.filter(framework=version.framework_id, number=version.number)
    of_panel = [row.pk for row in members()]
    for opinion in given.filter(member__in=of_panel):
        for group in found:
            if (group.key, group.keys) == (opinion.group, opinion.items):
                group.opinions.append(opinion)
    return [group for group in found if len(group.items) > 1]


def to_weigh(user: User) -> FrameworkVersion | None:
    """The draft whose weights the panel is asked for, if the person has any still to give."""
    asked = FrameworkVersion.objects.filter(
        status=FrameworkVersion.Status.DRAFT, weights_asked_at__isnull=False
    )
    draft = with_structure(asked).first()
    if draft is None or all(group.own(user) for group in groups_of(draft)):
        return None
    return draft


def ask_for_weights(*, actor: User, version: FrameworkVersion, expected_version: int) -> None:
    """Ask every member for their own weights, until the group's are taken over."""
    require_curator(actor)
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        draft.weights_asked_at = timezone.now()
        draft.save(update_fields=["weights_asked_at"])
        record(actor=actor, action="framework.ask_weights", subject=_subject(draft))
        notify(
            recipients=members(),
            text=f"Say how much each criterion of {draft} should count.",
            url=reverse("admin:framework-weights"),
        )


def give_opinion(
    *, actor: User, version: FrameworkVersion, group: str, method: str, answers: dict[str, Any]
) -> WeightOpinion:
    """Give one's own weights of a group, once; they stay as they are."""
    with transaction.atomic():
        draft = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
        asked = open_group(actor=actor, version=draft, group=group)
        weighed = weigh(method, asked.items, answers)
        opinion = WeightOpinion(
            framework=draft.framework,
            number=draft.number,
            member=actor,
            function=actor.function or "",
            group=group,
            items=asked.keys,
            method=method,
            answers=weighed.answers,
            weights=weighed.weights,
        )
        try:
            with transaction.atomic():
                opinion.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict("You have given these weights already. They stay.") from error
        record(actor=actor, action="framework.weigh", subject=_subject(draft), group=group)
    return opinion


def open_group(*, actor: User, version: FrameworkVersion, group: str) -> Group:
    """What the actor may weigh now. Errors: PermissionDenied, ValidationError, Conflict."""
    if not is_panelist(actor):
        raise PermissionDenied("Only people with a panel seat weigh the criteria.")
    if not version.is_weighed:
        raise Conflict("Nobody is asked for weights now.")
    structured = with_structure(FrameworkVersion.objects.filter(pk=version.pk)).get()
    for found in groups_of(structured):
        if found.key == group:
            return found
    raise ValidationError({"group": f"There is nothing to weigh in “{group}”."})


def seen_by(user: User, group: Group) -> bool:
    """Whether the members' weights are shown: once one's own are in, or one has none to give."""
    if not group.opinions:
        return False
    return group.own(user) is not None or not is_panelist(user)


def may_take_over(user: User, groups: list[Group]) -> bool:
    """Whether a member has given own weights of all that others weighed: the draft shows those."""
    return all(seen_by(user, group) for group in groups if group.opinions)


def shown_rows(group: Group, user: User) -> list[dict[str, Any]]:
    """For each item, in per cent: one's own weight, and what one may see of the others'."""
    own = group.own(user)
    columns: dict[str, list[float] | None] = {"own": own.weights if own else None}
    if seen_by(user, group):
        columns |= {
            "mean": group.weights(EACH),
            "lowest": group.table.min(axis=0).tolist(),
            "highest": group.table.max(axis=0).tolist(),
            "marketing": group.mean_of(Function.MARKETING),
            "cx": group.mean_of(Function.CX),
            "pooled": group.pooled.weights if group.pooled else None,
        }
    each = 100 * group.table if seen_by(user, group) else np.empty((0, len(group.items)))
    return [
        {"key": item.key, "name": item.name, "each": sorted(each[:, at].tolist())}
        | dict.fromkeys(("mean", "lowest", "highest"))
        | {name: column and 100 * column[at] for name, column in columns.items()}
        for at, item in enumerate(group.items)
    ]


def take_over(
    *, actor: User, version: FrameworkVersion, expected_version: int, how: str = EACH
) -> FrameworkVersion:
    """Write the group's weights into the draft, and how far members differ as its firmness.

    Groups that nobody weighed stay. From then on nobody weighs: the group's weights can be seen.
    """
    require_curator(actor)
    if how not in (EACH, POOLED):
        raise ValidationError({"how": f"Choose {EACH} or {POOLED}."})
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        if not draft.is_weighed:
            raise Conflict("Nobody is asked for weights now.")
        structured = with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()
        groups = groups_of(structured)
        given = [group for group in groups if group.opinions]
        if not given:
            raise Conflict("Nobody has given weights yet.")
        if not may_take_over(actor, groups):
            raise Conflict("Give your own weights first: the draft will show the group's.")
        weighed = {group.key: group.weights(how) for group in given}
        spec = with_group_weights(spec_of(structured), weighed)
        spread = spread_in(structured, groups)
        if spread is not None:
            spec["parameters"]["weight_spread"] = str(spread)
        draft.weights_asked_at = None
        draft.save(update_fields=["weights_asked_at"])
        counts = {group.name: len(group.opinions) for group in given}
        record(actor=actor, action="framework.take_weights", subject=_subject(draft), given=counts)
        return save_draft(actor=actor, version=draft, spec=spec, expected_version=expected_version)


def spread_in(version: FrameworkVersion, groups: list[Group]) -> Decimal | None:
    """How firm the weights are by those who weighed everything, in points of a weight of 25 %.

    None where fewer than two did, or where no general profile lets them weigh the dimensions.
    """
    dimensions = [row for row in version.dimensions.all() if row.criteria.all()]
    if len(dimensions) > 1 and all(group.key for group in groups):
        return None
    of = [{row.member_id: row.weights for row in group.opinions} for group in groups]
    whole = set[int]() if not of else set(of[0]).intersection(*of[1:])
    if len(whole) < FEWEST:
        return None
    table = [_of_criteria(version, groups, member) for member in sorted(whole)]
    spread = Decimal(100 * spread_of(concentration(table)))
    return min(spread.quantize(TENTH, rounding=ROUND_DOWN), WIDEST_WEIGHTS)


def _of_criteria(version: FrameworkVersion, groups: list[Group], member: int) -> list[float]:
    """One member's weights of all criteria: the dimension's times the share within it."""
    said = {
        group.key: dict(zip([item.key for item in group.items], row.weights, strict=True))
        for group in groups
        for row in group.opinions
        if row.member_id == member
    }
    return [
        said.get("", {}).get(row.key, 1.0) * said.get(row.key, {}).get(item.key, 1.0)
        for row in version.dimensions.all()
        for item in row.criteria.all()
    ]


def _span(criterion: Criterion) -> str:
    """What the step from worst to best is: its end levels, or the ends of its value function."""
    if criterion.is_judged:
        levels = list(criterion.levels.all())
        return f"from “{levels[0].label}” to “{levels[-1].label}”" if levels else ""
    ends = sorted(criterion.knots, key=lambda knot: knot[1])
    said = f"from {ends[0][0]:,g} to {ends[-1][0]:,g} {criterion.unit}" if ends else ""
    return said.replace("-", "\N{MINUS SIGN}").strip()


def _subject(draft: FrameworkVersion) -> str:
    return f"framework_version:{draft.pk}"
