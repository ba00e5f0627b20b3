"""Framework, scorecards, runs, backlog and decisions as JSON."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from scoring.backlog.models import SavedView
from scoring.backlog.selectors.backlog import certainty, terms_of
from scoring.ranking.models import RankedProposal


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
            "believed",
            "stated_roi",
            "stated_roi_p10",
            "stated_roi_p90",
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


class LedgerEntrySerializer(serializers.Serializer[Any]):
    cause = serializers.CharField(source="cause.key")
    name = serializers.CharField(source="cause.name")
    value = serializers.FloatField(source="cause.value", help_text="Points of value.")
    places = serializers.FloatField(source="cause.rank", help_text="Negative is up.")
    happened = serializers.ListField(child=serializers.CharField())


class LedgerSerializer(serializers.Serializer[Any]):
    """Why a proposal moved since the run before; the entries sum to value and places."""

    run_before = serializers.IntegerField(source="before.run_id")
    rank_before = serializers.IntegerField(source="before.rank", allow_null=True)
    rank_now = serializers.IntegerField(source="now.rank", allow_null=True)
    value = serializers.FloatField()
    places = serializers.IntegerField(allow_null=True)
    entries = LedgerEntrySerializer(many=True)


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    class Meta:
        model = SavedView
        fields = ["id", "name", "query"]
