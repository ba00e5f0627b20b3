from typing import Any

from rest_framework import serializers

from scoring.scorecards.models import Scorecard


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
    panelist = serializers.CharField(source="panelist.username", read_only=True)
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
