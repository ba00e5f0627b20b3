"""Who judges, and what they say."""

from dataclasses import replace
from functools import partial
from random import Random

from fuzz.ground import Good, Ground
from projects.models import (
    Team,
    User,
)
from scoring.framework.selectors import judged_criteria, published_version
from scoring.models import (
    DeclaredConflict,
    Question,
    Score,
)
from scoring.scorecards.selectors import cards as scorecard_reads


class Panel(Ground):
    """Who judges, and what they say."""

    def good_conflicts_create(self, user: User, _random: Random) -> Good:
        other = User.objects.exclude(pk=user.pk).filter(team__isnull=False).order_by("pk").first()
        assert other is not None
        return Good(body={"person": other.pk, "reason": "A friend."})

    def good_conflicts_end_create(self, user: User, _random: Random) -> Good:
        """One that was declared in the transaction of the request."""
        last = DeclaredConflict.objects.order_by("pk").last()
        number = last.pk + 1 if last else 1
        return Good(number, before=partial(self.tie, user, number))

    def tie(self, user: User, number: int) -> None:
        team = Team.objects.order_by("pk").first()
        DeclaredConflict.objects.create(pk=number, user=user, team=team, reason="I worked there.")

    def good_assignments_spread_create(self, _user: User, random: Random) -> Good:
        return Good(body={"each": random.randint(1, 3)})

    def good_assignments_hand_over_create(self, user: User, _random: Random) -> Good:
        return Good(body={"member": user.pk})

    def good_assignments_update(self, _user: User, _random: Random) -> Good:
        return Good(self.fresh.pk, body={"judges": []})

    def good_queue_scorecard_update(self, user: User, random: Random) -> Good:
        answers = []
        for item in judged_criteria(self.published):
            level = random.choice(list(item.levels.all()))
            answers.append({"criterion": item.key, "level": str(level.value)})
        body = {"answers": answers, "comment": "", "submit": random.random() < 0.5}
        return Good(self.pending(user), 0, body)

    def good_queue_recuse_create(self, user: User, _random: Random) -> Good:
        return Good(self.pending(user), 0, {"reason": "I know them too well."})

    def pending(self, user: User) -> int:
        version = published_version()
        assert version is not None
        waiting = scorecard_reads.pending_for(user, version).exclude(scorecards__panelist=user)
        found = waiting.values_list("pk", flat=True).first()
        return self.fresh.pk if found is None else found

    def good_scorecards_retrieve(self, user: User, random: Random) -> Good:
        seen = list(scorecard_reads.visible_to(user).values_list("pk", flat=True))
        return Good(random.choice(seen) if seen else 1)

    def good_scorecards_questions_list(self, user: User, random: Random) -> Good:
        return self.good_scorecards_retrieve(user, random)

    def good_scorecards_questions_create(self, user: User, random: Random) -> Good:
        found = self.good_scorecards_retrieve(user, random)
        key = random.choice(judged_criteria(self.published)).key
        return replace(found, body={"criterion": key, "text": "Why?"})

    def good_scorecards_answer_create(self, user: User, _random: Random) -> Good:
        """A question that was asked in the transaction of the request."""
        last = Question.objects.order_by("pk").last()
        number = last.pk + 1 if last else 1
        score = Score.objects.filter(scorecard__panelist=user).order_by("pk").first()
        if score is None:
            return Good(1, body={"question": 1, "text": "Read it again."})
        return Good(
            score.scorecard_id,
            body={"question": number, "text": "Read it again."},
            before=partial(self.asked, score, number),
        )

    def asked(self, score: Score, number: int) -> None:
        asker = User.objects.exclude(pk=score.scorecard.panelist_id).order_by("pk")[0]
        Question.objects.create(pk=number, score=score, asker=asker, text="Why?")
