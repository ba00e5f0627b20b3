"""Framework, scorecards, runs, backlog and decisions as JSON."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to
from scoring.backlog.selectors.backlog import certainty, terms_of
from scoring.decisions.models import Decision
from scoring.exports.models import ExportJob
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import spec_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.scorecards.models import Scorecard


class FrameworkVersionSerializer(serializers.ModelSerializer[FrameworkVersion]):
    framework = serializers.CharField(source="framework.name", read_only=True)

    class Meta:
        model = FrameworkVersion
        fields = ["id", "framework", "number", "status", "summary", "published_at", "version"]


class FrameworkSpecSerializer(FrameworkVersionSerializer):
    """A version with its whole specification, in the form in which a draft is written."""

    spec = serializers.SerializerMethodField()

    class Meta(FrameworkVersionSerializer.Meta):
        fields = [*FrameworkVersionSerializer.Meta.fields, "spec"]

    def get_spec(self, version: FrameworkVersion) -> dict[str, Any]:
        return spec_of(version)


class SpecBodySerializer(serializers.Serializer[Any]):
    spec = serializers.DictField(help_text="As in the answer of a version. Weights sum to 100.")


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
            "status",
            "version",
            "submitted_at",
            "comment",
            "recusal_reason",
            "answers",
        ]

    def get_answers(self, scorecard: Scorecard) -> list[dict[str, Any]]:
        return [
            {
                "criterion": score.criterion.key,
                "level": None if score.level is None else str(score.level.value),
                "abstention_reason": score.abstention_reason,
            }
            for score in scorecard.scores.all()
        ]


class RunSerializer(serializers.ModelSerializer[RankingRun]):
    requested_by = serializers.CharField(
        source="requested_by.username", default=None, read_only=True
    )

    class Meta:
        model = RankingRun
        fields = [
            "id",
            "status",
            "trigger",
            "requested_by",
            "cycle",
            "framework_version",
            "created_at",
            "started_at",
            "finished_at",
            "stage",
            "progress",
            "error",
            "seed",
            "draws",
            "engine_version",
            "input_digest",
            "result_digest",
            "facts",
        ]


class ExportSerializer(serializers.ModelSerializer[ExportJob]):
    """An export of one's own. Its file is at ``file/`` once the status is done."""

    filter = serializers.CharField(source="query", read_only=True)

    class Meta:
        model = ExportJob
        fields = [
            "id",
            "run",
            "format",
            "filter",
            "status",
            "stage",
            "progress",
            "error",
            "rows",
            "size",
            "created_at",
            "finished_at",
            "expires_at",
        ]


class ExportFormSerializer(serializers.Serializer[Any]):
    schema = serializers.DictField(help_text="JSON schema of a JSON export.")
    key = serializers.CharField(help_text="Public key, for verify_export --key.")


class ExportBodySerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=ExportJob.Format.choices)
    filter = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="As in an address of the backlog, such as status=submitted&sort=-roi.",
    )


class RankedProposalSerializer(serializers.ModelSerializer[RankedProposal]):
    """One line of the backlog. Numbers as stored; null is missing, never zero."""

    status = serializers.CharField(source="proposal.status", read_only=True)
    certainty = serializers.SerializerMethodField()

    class Meta:
        model = RankedProposal
        fields = [
            "proposal",
            "reference",
            "title",
            "marketing_team",
            "cx_team",
            "status",
            "position",
            "rank",
            "rank_low",
            "rank_high",
            "line",
            "tied_from",
            "tied_to",
            "certainty",
            "p_top",
            "p_funded",
            "score",
            "value",
            "coverage",
            "roi",
            "roi_p10",
            "roi_p50",
            "roi_p90",
            "p_loss",
            "benefit",
            "cost",
            "impact",
            "roi_rank",
            "impact_rank",
            "undominated",
            "missing",
            "flags",
        ]

    def get_certainty(self, result: RankedProposal) -> str:
        return certainty(result.p_funded)


LINE_KEYS = RankedProposalSerializer.Meta.fields
# Where the keys that are not columns come from.
LINE_COLUMNS = [
    {"status": "proposal__status", "certainty": "p_funded"}.get(key, key) for key in LINE_KEYS
]


def line_of(row: Sequence[Any]) -> dict[str, Any]:
    """What ``RankedProposalSerializer`` says of a result, from its ``LINE_COLUMNS``."""
    line = dict(zip(LINE_KEYS, row, strict=True))
    line["certainty"] = certainty(line["p_funded"])
    return line


class TermSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    dimension = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # a key of ours, not the option
    weight = serializers.FloatField(help_text="Per cent of the whole.")
    input = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    contribution = serializers.FloatField(allow_null=True)
    scores = serializers.IntegerField()


class ExplainedProposalSerializer(RankedProposalSerializer):
    """One line with the sum behind its value."""

    terms = serializers.SerializerMethodField()

    class Meta(RankedProposalSerializer.Meta):
        fields = [*RankedProposalSerializer.Meta.fields, "terms"]

    def get_terms(self, result: RankedProposal) -> list[dict[str, Any]]:
        return [dict(TermSerializer(term).data) for term in terms_of(result)]


class VisibleProposalField(serializers.PrimaryKeyRelatedField[Proposal]):
    """A proposal that one may not see answers as one that does not exist."""

    def get_queryset(self) -> QuerySet[Proposal]:
        return visible_to(self.context["request"].user)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    decided_by = serializers.CharField(source="decided_by.username", read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id",
            "proposal",
            "run",
            "framework_version",
            "outcome",
            "reason",
            "conditions",
            "override_code",
            "rank",
            "line",
            "budget",
            "decided_by",
            "decided_at",
        ]
        read_only_fields = ["framework_version", "rank", "line", "budget", "decided_at"]
