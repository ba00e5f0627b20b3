from typing import Any

from rest_framework import serializers

from projects.people.models import Team, User
from scoring.panel.models import DeclaredConflict
from scoring.scorecards.models import Question, Scorecard


class DeclaredConflictSerializer(serializers.ModelSerializer[DeclaredConflict]):
    class Meta:
        model = DeclaredConflict
        fields = ["id", "user", "person", "team", "reason", "declared_at", "ended_at"]


class ConflictBodySerializer(serializers.Serializer[Any]):
    """A person or a team, not both."""

    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False)
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all(), required=False)
    reason = serializers.CharField(max_length=300)


class JudgeSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField(help_text="The person's id.")
    name = serializers.CharField()
    given = serializers.BooleanField(help_text="Whether the judgement is in.")


class JudgesSerializer(serializers.Serializer[Any]):
    """Who judges a proposal. Where nobody is assigned, everybody on the panel does."""

    proposal = serializers.IntegerField()
    reference = serializers.CharField()
    title = serializers.CharField()
    assigned = serializers.BooleanField()
    judges = JudgeSerializer(many=True)


class JudgesBodySerializer(serializers.Serializer[Any]):
    judges = serializers.ListField(
        child=serializers.IntegerField(),
        max_length=500,
        help_text="Ids of people; none: everybody.",
    )


class SpreadBodySerializer(serializers.Serializer[Any]):
    each = serializers.IntegerField(help_text="Judges for each proposal.")


class HandOverBodySerializer(serializers.Serializer[Any]):
    member = serializers.IntegerField(help_text="The person's id.")


class SpreadSerializer(serializers.Serializer[Any]):
    asked = serializers.IntegerField(help_text="Judgements asked for in addition.")
    short = serializers.IntegerField(help_text="Judges that could not be found.")
    groups = serializers.IntegerField(
        help_text="How many sets of proposals share no judge; 1 where all are linked."
    )


class LevelAnswerSerializer(serializers.Serializer[Any]):
    criterion = serializers.SlugField(help_text="Key of a judged criterion.")
    level = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        required=False,
        allow_null=True,
        default=None,
        help_text="Value of the chosen level, such as 75.",
    )
    abstention_reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default=""
    )


class ScorecardBodySerializer(serializers.Serializer[Any]):
    answers = LevelAnswerSerializer(many=True)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    change_reason = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",
        help_text="Needed when a submitted scorecard is changed: the first one is kept.",
    )
    submit = serializers.BooleanField(default=False)


class RecusalBodySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class ScorecardSerializer(serializers.ModelSerializer[Scorecard]):
    panelist = serializers.SerializerMethodField(
        help_text="Null for somebody else's while judges of the proposal are still to come."
    )
    answers = serializers.SerializerMethodField()

    class Meta:
        model = Scorecard
        fields = [
            "id",
            "proposal",
            "panelist",
            "framework_version",
            "entry",
            "status",
            "version",
            "submitted_at",
            "comment",
            "change_reason",
            "recusal_reason",
            "answers",
        ]

    def get_panelist(self, scorecard: Scorecard) -> str | None:
        """Needs ``awaited`` in the context, by proposal, for what is not the reader's own."""
        named = not self.context.get("awaited", {}).get(scorecard.proposal_id, 0)
        own = scorecard.panelist_id == self.context["reader"].pk
        return scorecard.panelist.username if own or named else None

    def get_answers(self, scorecard: Scorecard) -> list[dict[str, Any]]:
        if scorecard.status == Scorecard.Status.RECUSED:
            return []  # what was begun before is kept, and shown to nobody
        return [
            {
                "criterion": score.criterion.key,
                "level": None if score.level is None else str(score.level.value),
                "abstention_reason": score.abstention_reason,
            }
            for score in scorecard.scores.all()
        ]


class QuestionSerializer(serializers.ModelSerializer[Question]):
    criterion = serializers.CharField(source="score.criterion.key", read_only=True)
    asker = serializers.CharField(source="asker.username", read_only=True)

    class Meta:
        model = Question
        fields = ["id", "criterion", "asker", "text", "asked_at", "answer", "answered_at"]


class QuestionBodySerializer(serializers.Serializer[Any]):
    criterion = serializers.SlugField(help_text="Key of a criterion that the scorecard answers.")
    text = serializers.CharField(max_length=500)


class AnswerBodySerializer(serializers.Serializer[Any]):
    question = serializers.IntegerField(help_text="The question's id.")
    text = serializers.CharField(max_length=1000)


class FindingSerializer(serializers.Serializer[Any]):
    """How the panel judges one criterion, from what the reader may see; null where too few."""

    criterion = serializers.CharField(source="criterion.key")
    name = serializers.CharField(source="criterion.name")
    scores = serializers.IntegerField(source="health.scores")
    mean = serializers.FloatField(source="health.mean", allow_null=True)
    top_share = serializers.FloatField(source="health.top_share", allow_null=True)
    abstained = serializers.FloatField(source="health.abstained", allow_null=True)
    alpha = serializers.FloatField(source="health.agreement.alpha", allow_null=True)
    agreement = serializers.CharField(help_text="How far panelists agree, in words.")
    remarks = serializers.ListField(child=serializers.CharField())
