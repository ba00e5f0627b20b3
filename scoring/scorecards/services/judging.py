"""One panelist judges one proposal, criterion by criterion."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from scoring.framework.models import Criterion, FrameworkVersion, Level
from scoring.framework.selectors import criteria_to_judge, judged_criteria, published_scales
from scoring.panel.selectors import CONFLICTED, is_conflicted, is_panelist
from scoring.scorecards.models import Score, Scorecard
from scoring.scorecards.selectors.assignments import NOT_YOURS, is_asked


@dataclass(frozen=True, slots=True)
class Answer:
    """A level's id, or the reason for abstaining."""

    level: int | None = None
    abstention_reason: str = ""


def save_scorecard(
    *,
    actor: User,
    proposal: Proposal,
    answers: Mapping[int, Answer],
    comment: str = "",
    change_reason: str = "",
    submit: bool,
    expected_version: int,
    entered_by: User | None = None,
) -> Scorecard:
    """Save the actor's scorecard; ``answers`` maps criterion id to answer.

    ``expected_version`` is 0 for a scorecard that does not exist yet. A draft may have gaps; a
    submitted scorecard answers every criterion that is for the actor's function, and is kept as it
    is. The panelist may submit another one until a decision, saying why; runs already made keep the
    scores they were made from. ``entered_by`` is who brings in what the actor said elsewhere.
    """
    with transaction.atomic():
        version, proposal = _require_may_judge(actor, proposal)
        _require_not_recused(actor, proposal)
        last = _last_entry(actor, proposal, version, expected_version)
        again = last is not None and last.status == Scorecard.Status.SUBMITTED
        if again and not submit:
            raise Conflict("Your scorecard is in. Submit it again to change it.")
        scores = _checked(version, actor, answers, complete=submit)
        if again and not change_reason.strip():
            raise ValidationError({"change_reason": "Say why you change your judgement."})
        scorecard = _open_entry(actor, proposal, version, last)
        scorecard.comment = comment
        scorecard.change_reason = change_reason.strip() if again else ""
        scorecard.version = expected_version + 1
        scorecard.entered_by = entered_by
        scorecard.save()
        scorecard.scores.all().delete()
        _write(scorecard, scores)
        if submit:
            _submit(scorecard, scores)
    return scorecard


def judge_again(
    *, proposal: Proposal, criterion: Criterion, answers: Mapping[User, tuple[Level, str]]
) -> None:
    """Make what each judge now says of one criterion a further entry, the rest as it is, with why.

    For a panel that answers together. Who may answer is the caller's to ask, in the same
    transaction and once the proposal is ``locked``: each has a scorecard in under the criterion's
    version.
    """
    version = criterion.dimension.framework_version
    with transaction.atomic():
        fresh = locked(proposal)
        cards = Scorecard.objects.filter(
            revision=fresh.submitted_revision_id, panelist__in=answers.keys()
        ).order_by("entry")
        entries = Counter(cards.values_list("panelist", flat=True))
        given = cards.filter(status=Scorecard.Status.SUBMITTED, framework_version=version)
        last = {card.panelist_id: card for card in given.prefetch_related("scores")}
        for judge, (level, reason) in answers.items():
            _further(last[judge.pk], entries[judge.pk] + 1, criterion, level, reason)


def _further(card: Scorecard, entry: int, criterion: Criterion, level: Level, reason: str) -> None:
    scores = [
        Score(
            criterion_id=score.criterion_id,
            level_id=score.level_id,
            abstention_reason=score.abstention_reason,
        )
        for score in card.scores.all()
        if score.criterion_id != criterion.pk
    ]
    further = Scorecard.objects.create(
        panelist_id=card.panelist_id,
        proposal_id=card.proposal_id,
        revision_id=card.revision_id,
        framework_version_id=card.framework_version_id,
        entry=entry,
        comment=card.comment,
        change_reason=reason,
    )
    scores.append(Score(criterion=criterion, level=level))
    _write(further, scores)
    _submit(further, scores)


def _write(scorecard: Scorecard, scores: list[Score]) -> None:
    for score in scores:
        score.scorecard = scorecard
    Score.objects.bulk_create(scores)


def _submit(scorecard: Scorecard, scores: list[Score]) -> None:
    """Hand the entry in, after its scores: the database refuses to change either from now on."""
    scorecard.status = Scorecard.Status.SUBMITTED
    scorecard.submitted_at = timezone.now()
    scorecard.save(update_fields=["status", "submitted_at"])
    entered_by = scorecard.entered_by
    record(
        actor=entered_by or scorecard.panelist,
        action="scorecard.submit",
        subject=f"proposal:{scorecard.proposal_id}",
        framework_version=scorecard.framework_version_id,
        entry=scorecard.entry,
        scores={score.criterion_id: score.level_id for score in scores},
        **({"panelist": scorecard.panelist_id} if entered_by else {}),
    )


def recuse(*, actor: User, proposal: Proposal, reason: str, expected_version: int) -> Scorecard:
    """Recuse oneself from judging this proposal, with a reason.

    What was judged before is kept, but counts no more and is shown to nobody.
    """
    if not reason.strip():
        raise ValidationError({"recusal_reason": "Say why, such as a personal tie to an owner."})
    with transaction.atomic():
        version, proposal = _require_may_judge(actor, proposal)
        _require_not_recused(actor, proposal)
        last = _last_entry(actor, proposal, version, expected_version)
        scorecard = _open_entry(actor, proposal, version, last)
        scorecard.status = Scorecard.Status.RECUSED
        scorecard.recusal_reason = reason.strip()
        scorecard.version = expected_version + 1
        scorecard.save()
        record(actor=actor, action="scorecard.recuse", subject=f"proposal:{proposal.pk}")
    return scorecard


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now; nobody else judges it until this transaction is over.

    So two windows of one person, or a form and a meeting, write one entry after the other.
    """
    fresh = Proposal.objects.filter(pk=proposal.pk).select_for_update(of=("self",), no_key=True)
    return with_owners(fresh).get()


def _require_may_judge(actor: User, proposal: Proposal) -> tuple[FrameworkVersion, Proposal]:
    if not is_panelist(actor):
        raise PermissionDenied("Only members of the panel score proposals.")
    fresh = locked(proposal)
    if is_conflicted(actor, fresh):
        raise PermissionDenied(CONFLICTED)
    if not is_asked(actor, fresh):
        raise PermissionDenied(NOT_YOURS)
    if fresh.status != Proposal.Status.SUBMITTED:
        raise Conflict("Only a submitted proposal without a decision is scored.")
    version = published_scales()
    if version is None:
        raise Conflict("There is no published framework to score against.")
    return version, fresh


def _require_not_recused(actor: User, proposal: Proposal) -> None:
    """Who is recused has seen where the proposal stands since, so there is no way back."""
    recusals = Scorecard.objects.filter(
        panelist=actor,
        revision=proposal.submitted_revision_id,
        status=Scorecard.Status.RECUSED,
    )
    if recusals.exists():
        raise Conflict("You recused yourself from this proposal, so you no longer score it.")


def _last_entry(
    actor: User, proposal: Proposal, version: FrameworkVersion, expected_version: int
) -> Scorecard | None:
    """The person's latest scorecard under this version, if it is still the one that was read."""
    last = (
        Scorecard.objects.select_for_update()
        .filter(panelist=actor, revision=proposal.submitted_revision_id, framework_version=version)
        .order_by("-entry")
        .first()
    )
    if (last.version if last else 0) != expected_version:
        raise StaleVersion("Your scorecard")
    return last


def _open_entry(
    actor: User, proposal: Proposal, version: FrameworkVersion, last: Scorecard | None
) -> Scorecard:
    """The scorecard to write on: the started one, or a further entry; a draft until it is in."""
    if last is not None and last.status == Scorecard.Status.DRAFT:
        return last
    entries = Scorecard.objects.filter(panelist=actor, revision=proposal.submitted_revision_id)
    return Scorecard(
        panelist=actor,
        proposal=proposal,
        revision=proposal.submitted_revision,
        framework_version=version,
        entry=entries.count() + 1,
    )


def _checked(
    version: FrameworkVersion, actor: User, answers: Mapping[int, Answer], *, complete: bool
) -> list[Score]:
    criteria = {criterion.pk: criterion for criterion in criteria_to_judge(version, actor)}
    errors: dict[str, str] = {}
    closed = {row.pk: row for row in judged_criteria(version) if row.pk not in criteria}
    for pk in answers.keys() & closed.keys():
        errors[closed[pk].key] = f"“{closed[pk]}” is judged by {closed[pk].judges} alone."
    if set(answers) - set(criteria) - set(closed):
        errors["scores"] = "The framework has changed. Load the page again and score what it shows."
    scores = []
    for pk, criterion in criteria.items():
        answer = answers.get(pk, Answer())
        reason = answer.abstention_reason.strip()
        levels = {level.pk for level in criterion.levels.all()}
        if answer.level is not None and reason:
            errors[criterion.key] = f"Choose a level for “{criterion.name}” or abstain, not both."
        elif answer.level is not None and answer.level not in levels:
            errors[criterion.key] = f"Choose one of the levels of “{criterion.name}”."
        elif answer.level is None and not reason and complete:
            errors[criterion.key] = (
                f"Choose a level for “{criterion.name}”, or abstain and say why."
            )
        elif answer.level is not None or reason:
            scores.append(Score(criterion_id=pk, level_id=answer.level, abstention_reason=reason))
    if errors:
        raise ValidationError(errors)
    return scores
