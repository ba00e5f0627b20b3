"""Nobody judges what the own team has a part in, whoever moves where."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.utils import timezone

from projects.models import Signature, Team, User
from scoring.models import Seat
from scoring.panel.selectors import is_conflicted
from scoring.scorecards.selectors.cards import (
    pending_for,
)
from scoring.scorecards.services import recuse
from tests.company import Company


@pytest.mark.parametrize("who", ["marketing", "cx", "marketing_mate", "cx_mate"])
def test_nobody_scores_a_proposal_of_the_own_team(company: Company, who: str) -> None:
    judge = getattr(company, who)
    Seat.objects.create(user=judge)
    own, foreign = (
        company.submitted("Own"),
        company.submitted("Foreign", marketing=company.other_marketing, cx=company.other_cx),
    )
    with pytest.raises(PermissionDenied, match="have a part in this proposal"):
        company.score(own, judge, 50, 25)
    with pytest.raises(PermissionDenied):
        recuse(actor=judge, proposal=own, reason="Mine", expected_version=0)
    assert list(pending_for(judge, company.version)) == [foreign]
    company.score(foreign, judge, 50, 25)


def move(person: User, team: Team | None) -> User:
    person.team = team
    person.save()
    return User.objects.select_related("team", "seat").get(pk=person.pk)


def test_moving_to_another_team_does_not_end_a_conflict(company: Company) -> None:
    own, elsewhere = company.submitted("Own"), Team.objects.create(name="New", function="it")
    mate = company.marketing_mate
    Seat.objects.create(user=mate)
    moved = move(mate, elsewhere)
    assert is_conflicted(moved, own)
    with pytest.raises(ProtectedError):
        Team.objects.get(past_members__user=moved).delete()
    assert list(pending_for(moved, company.version)) == []
    with pytest.raises(PermissionDenied, match="have a part in this proposal"):
        company.score(own, moved, 50, 25)
    # What was begun after the move has nothing to do with the team that was left.
    later = company.submitted("Later")
    assert list(pending_for(moved, company.version)) == [later]


def test_nor_does_the_move_of_an_owner_or_of_both(company: Company) -> None:
    own = company.submitted("Own")
    elsewhere = Team.objects.create(name="New", function="marketing")
    mate = company.marketing_mate
    Seat.objects.create(user=mate)
    move(company.marketing, elsewhere)
    assert is_conflicted(mate, own)
    assert is_conflicted(move(mate, None), own)
    assert not is_conflicted(company.panelist, own)


def test_who_signed_once_does_not_judge(company: Company) -> None:
    own = company.submitted("Own", marketing=company.other_marketing, cx=company.other_cx)
    assert not is_conflicted(company.marketing, own)
    revision = own.submitted_revision
    assert revision is not None
    revision.signatures.update(voided_at=timezone.now())
    Signature.objects.create(revision=revision, function="marketing", signer=company.marketing)
    assert is_conflicted(company.marketing, own)
