"""Proposals as JSON. Rules stay in the services; this only names fields and shapes."""

import base64
from typing import Any

from django.db import models
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.customers.models import JourneyStage, Segment
from projects.kpis.models import Kpi
from projects.people.models import Team, User
from projects.people.serializers import PersonSerializer
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.efforts import Effort
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import (
    COMMITMENT_FIELDS,
    EFFECT_FIELDS,
    EFFORT_FIELDS,
    MONEY_FIELDS,
    content_of,
    digest_of,
    gaps,
    live_signatures,
    visible_to,
)
from projects.proposals.services import Change


class MoneyLineSerializer(serializers.ModelSerializer[MoneyLine]):
    class Meta:
        model = MoneyLine
        fields = list(MONEY_FIELDS)
        # A benefit on a segment's figures is worked out from its parts.
        extra_kwargs = {name: {"required": False} for name in ("low", "likely", "high")}
        # The service checks whole lines and names line and field; see Proposal services.
        validators: list[Any] = []


class NamedField(serializers.SlugRelatedField[Any]):
    """An object by its name. PostgreSQL cannot even look for a name with a NUL in it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and "\0" in data:
            shown = data.replace("\0", "")
            self.fail("does_not_exist", slug_name=self.slug_field, value=shown)
        return super().to_internal_value(data)


class Base64Field(serializers.CharField):
    """Bytes as text."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return base64.b64decode(text, validate=True)
        except ValueError as error:
            raise serializers.ValidationError("Send the file in Base64.") from error

    def to_representation(self, value: Any) -> Any:
        return base64.b64encode(bytes(value)).decode()


class CustomerEffectSerializer(serializers.ModelSerializer[CustomerEffect]):
    stage = NamedField(slug_field="name", queryset=JourneyStage.objects.all())
    segment = NamedField(slug_field="name", queryset=Segment.objects.all())

    class Meta:
        model = CustomerEffect
        fields = ["stage", "segment", *EFFECT_FIELDS]
        extra_kwargs = {"evidence": {"required": False}}  # it may come from the insight


class VisibleProposalField(serializers.PrimaryKeyRelatedField[Proposal]):
    """A proposal that one may not see answers as one that does not exist."""

    def get_queryset(self) -> QuerySet[Proposal]:
        return visible_to(self.context["request"].user)


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment, a question (``to``, ``due``) or a reply (``thread``)."""

    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    author = serializers.CharField(source="author.username", read_only=True)
    resolved_by = serializers.CharField(
        source="resolved_by.username", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Comment
        fields = [
            "id",
            "proposal",
            "thread",
            "part",
            "text",
            "to",
            "due",
            "author",
            "written_at",
            "resolved_by",
            "resolved_at",
        ]
        read_only_fields = ["thread", "resolved_at"]


class ReplySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1900, help_text="Kept among its comments.")


class LinkSerializer(serializers.ModelSerializer[Link]):
    """What ties two proposals together; ``needs`` and ``part`` run from the first to the other.
    ``awaited``: people by id whose yes a merge waits for.
    """

    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    other = VisibleProposalField(queryset=Proposal.objects.all())
    awaited = serializers.SerializerMethodField()

    class Meta:
        model = Link
        fields = [
            "id",
            "proposal",
            "kind",
            "other",
            "because",
            "created_at",
            "merged_at",
            "awaited",
        ]
        read_only_fields = ["merged_at"]
        validators: list[Any] = []  # the service names the field

    def get_awaited(self, link: Link) -> list[int]:
        return [person.pk for person in link.awaited]


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    added_by = serializers.CharField(source="added_by.username", read_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "proposal", "name", "kind", "size", "digest", "added_by", "added_at"]
        read_only_fields = ["kind", "size", "digest", "added_at"]
        validators: list[Any] = []  # the service names the field


class NewAttachmentSerializer(serializers.Serializer[Any]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    name = serializers.CharField(max_length=200)
    content = Base64Field(help_text="The file in Base64.")


class WholeAttachmentSerializer(AttachmentSerializer):
    content = Base64Field(help_text="The file in Base64.")

    class Meta(AttachmentSerializer.Meta):
        fields = [*AttachmentSerializer.Meta.fields, "content"]


class CoAuthorSerializer(serializers.ModelSerializer[CoAuthor]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())

    class Meta:
        model = CoAuthor
        fields = ["id", "proposal", "person", "invited_at"]
        validators: list[Any] = []  # the service names the field


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    class Meta:
        model = Measure
        fields = ["key", "value"]


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    """A KPI by its name, with where it stands, where it shall stand, by when and who answers."""

    kpi = NamedField(slug_field="name", queryset=Kpi.objects.all())

    class Meta:
        model = Commitment
        fields = list(COMMITMENT_FIELDS)


class EffortSerializer(serializers.ModelSerializer[Effort]):
    """Days of the people of a team, by its name, in a quarter such as 2027-Q1."""

    team = NamedField(slug_field="name", queryset=Team.objects.all())

    class Meta:
        model = Effort
        fields = list(EFFORT_FIELDS)
        validators: list[Any] = []  # the service names the row


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    """What the company asks of its proposals; ``category``: of this type alone, or empty."""

    options = serializers.ListField(child=serializers.CharField(), help_text="Of a choice.")

    class Meta:
        model = CustomField
        fields = ["key", "name", "kind", "help_text", "options", "category", "is_closed"]


class AnswerSerializer(serializers.ModelSerializer[FieldValue]):
    """``field`` by its key; a number plain, a day as 2027-01-31, a choice by its words."""

    field = NamedField(slug_field="key", queryset=CustomField.objects.all())

    class Meta:
        model = FieldValue
        fields = ["field", "value"]
        validators: list[Any] = []  # the service names the row


class ProposalRowSerializer(serializers.ModelSerializer[Proposal]):
    """One line of the list."""

    marketing_owner = PersonSerializer(read_only=True)
    cx_owner = PersonSerializer(read_only=True)
    cycle = serializers.CharField(source="cycle.name", read_only=True)
    is_late = serializers.BooleanField(
        read_only=True, help_text="Submitted after the intake of its cycle had closed."
    )

    class Meta:
        model = Proposal
        fields = [
            "id",
            "reference",
            "title",
            "status",
            "version",
            "category",
            "cycle",
            "marketing_owner",
            "cx_owner",
            "created_at",
            "updated_at",
            "submitted_at",
            "is_late",
            "is_joint",
        ]


class SignatureStateSerializer(serializers.Serializer[Any]):
    """Who has signed the text as it stands."""

    function = serializers.CharField()
    signer = serializers.CharField()
    signed_at = serializers.DateTimeField()


class ProposalSerializer(ProposalRowSerializer):
    """The whole text with its digest and the signatures under it."""

    money = MoneyLineSerializer(many=True, read_only=True)
    effects = CustomerEffectSerializer(many=True, read_only=True)
    measures = MeasureSerializer(many=True, read_only=True)
    commitments = CommitmentSerializer(many=True, read_only=True)
    efforts = EffortSerializer(many=True, read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)
    digest = serializers.SerializerMethodField(help_text="Send it back to sign exactly this text.")
    signatures = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField(help_text="What is not stated, in words.")

    class Meta(ProposalRowSerializer.Meta):
        fields = [
            *ProposalRowSerializer.Meta.fields,
            *Proposal.TEXT_FIELDS,
            "horizon_months",
            "promise",
            "money",
            "effects",
            "measures",
            "commitments",
            "efforts",
            "answers",
            "digest",
            "signatures",
            "gaps",
        ]

    def get_digest(self, proposal: Proposal) -> str:
        return digest_of(content_of(proposal))

    @extend_schema_field(SignatureStateSerializer(many=True))
    def get_signatures(self, proposal: Proposal) -> list[dict[str, Any]]:
        found = live_signatures(proposal, self.get_digest(proposal))
        return [
            {"function": name, "signer": row.signer.username, "signed_at": row.signed_at}
            for name, row in sorted(found.items())
        ]

    def get_gaps(self, proposal: Proposal) -> list[str]:
        return gaps(proposal)


class OverlapSerializer(serializers.Serializer[Any]):
    """Another proposal that says nearly the same, and why it is named."""

    proposal = serializers.IntegerField()
    title = serializers.CharField()
    alike = serializers.FloatField(help_text="How alike the words are, 0 to 1.")
    reasons = serializers.ListField(child=serializers.CharField())


class ProposalWriteSerializer(serializers.ModelSerializer[Proposal]):
    """What a client may write. A list that is sent replaces the stored one."""

    marketing_owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True)
    )
    cx_owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    money = MoneyLineSerializer(many=True, required=False)
    effects = CustomerEffectSerializer(many=True, required=False)
    measures = MeasureSerializer(many=True, required=False)
    commitments = CommitmentSerializer(many=True, required=False)
    efforts = EffortSerializer(many=True, required=False)
    answers = AnswerSerializer(many=True, required=False)

    LISTS: dict[str, type[models.Model]] = {
        "money": MoneyLine,
        "effects": CustomerEffect,
        "measures": Measure,
        "commitments": Commitment,
        "efforts": Effort,
        "answers": FieldValue,
    }

    class Meta:
        model = Proposal
        fields = [
            *Proposal.CONTENT_FIELDS,
            "promise",
            "marketing_owner",
            "cx_owner",
            "money",
            "effects",
            "measures",
            "commitments",
            "efforts",
            "answers",
        ]

    def change(self) -> Change:
        """The validated data as the services take it."""
        data = dict(self.validated_data)
        lists: dict[str, Any] = {
            name: [model(**row) for row in data.pop(name)]
            for name, model in self.LISTS.items()
            if name in data
        }
        return Change(fields=data, **lists)


class DigestSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(min_length=64, max_length=64)
