"""Panel, ranking and decisions through the API: the same services and rules as the pages."""

from decimal import Decimal
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import Conflict
from projects.http import creation_key, person, required_version, versioned
from projects.models import Proposal
from projects.selectors.proposals import visible_to
from projects.serializers import ProposalRowSerializer
from scoring import serializers
from scoring.downloads.send import file_response
from scoring.exports.json import SCHEMA
from scoring.exports.signing import public_key
from scoring.filters import BacklogFilter, DecisionFilter, ScorecardFilter, view_address
from scoring.models import (
    Decision,
    ExportJob,
    FrameworkVersion,
    RankedProposal,
    RankingRun,
    Scorecard,
)
from scoring.selectors import frameworks as framework_reads
from scoring.selectors import runs as run_reads
from scoring.selectors import scorecards as scorecard_reads
from scoring.selectors.backlog import results_of
from scoring.selectors.exports import exports_of
from scoring.selectors.roles import is_panelist
from scoring.services.decisions import decide
from scoring.services.exports import request_export
from scoring.services.frameworks import (
    discard_draft,
    import_framework,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.services.runs import cancel_run, request_run
from scoring.services.scorecards import Answer, recuse, save_scorecard

VersionResponse = serializers.FrameworkSpecSerializer


class FrameworkVersionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[FrameworkVersion]
):
    """Versions of the framework. Drafts are for the panel."""

    queryset = FrameworkVersion.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[FrameworkVersion]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        user, versions = person(self.request), FrameworkVersion.objects.all()
        if not (is_panelist(user) or user.is_superuser):
            versions = versions.exclude(status=FrameworkVersion.Status.DRAFT)
        if self.action == "list":
            return versions.select_related("framework")
        return framework_reads.with_structure(versions)

    def get_serializer_class(self) -> type[Any]:
        if self.action == "list":
            return serializers.FrameworkVersionSerializer
        return VersionResponse

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _version(self.get_object())

    @extend_schema(request=serializers.SpecBodySerializer, responses={201: VersionResponse})
    def create(self, request: Request) -> Response:
        """Open a draft: a copy of the version in force, or the specification that is sent."""
        if not request.data:
            return _version(start_draft(actor=person(request)), code=status.HTTP_201_CREATED)
        made = import_framework(actor=person(request), spec=_spec(request))
        return _version(made, code=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.SpecBodySerializer, responses=VersionResponse)
    def update(self, request: Request, pk: int) -> Response:
        """Replace the draft."""
        version = self.get_object()
        return _version(
            save_draft(
                actor=person(request),
                version=version,
                spec=_spec(request),
                expected_version=required_version(request),
            )
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Discard the draft."""
        discard_draft(
            actor=person(request),
            version=self.get_object(),
            expected_version=required_version(request),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=VersionResponse)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        """Put the draft in force. Cannot be undone."""
        return _version(
            publish_version(
                actor=person(request),
                version=self.get_object(),
                expected_version=required_version(request),
            )
        )


class QueueViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Proposal]):
    """Proposals that wait for one's own judgement, oldest first. Panelists only."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalRowSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Proposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        user, version = person(self.request), framework_reads.published_version()
        if not is_panelist(user):
            raise PermissionDenied("Only members of the panel have a queue.")
        return scorecard_reads.pending_for(user, version) if version else Proposal.objects.none()

    @extend_schema(
        request=serializers.ScorecardBodySerializer, responses=serializers.ScorecardSerializer
    )
    @action(detail=True, methods=["put"])
    def scorecard(self, request: Request, pk: int) -> Response:
        """Save or submit one's scorecard. If-Match is its version, "0" for a new one."""
        user = person(request)
        proposal = get_object_or_404(visible_to(user), pk=pk)
        expected = required_version(request)
        body = serializers.ScorecardBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        saved = save_scorecard(
            actor=user,
            proposal=proposal,
            answers=_answers(body.validated_data["answers"]),
            comment=body.validated_data["comment"],
            submit=body.validated_data["submit"],
            expected_version=expected,
        )
        return versioned(serializers.ScorecardSerializer(saved).data, saved.version)

    @extend_schema(
        request=serializers.RecusalBodySerializer, responses=serializers.ScorecardSerializer
    )
    @action(detail=True, methods=["post"])
    def recuse(self, request: Request, pk: int) -> Response:
        """Step back from judging this proposal. If-Match as for the scorecard."""
        user = person(request)
        proposal = get_object_or_404(visible_to(user), pk=pk)
        expected = required_version(request)
        body = serializers.RecusalBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        saved = recuse(
            actor=user,
            proposal=proposal,
            reason=body.validated_data["reason"],
            expected_version=expected,
        )
        return versioned(serializers.ScorecardSerializer(saved).data, saved.version)


class ScorecardViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Scorecard]
):
    """One's own scorecards, and the others' where one's own is in."""

    queryset = Scorecard.objects.none()
    serializer_class = serializers.ScorecardSerializer
    filterset_class = ScorecardFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Scorecard]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        visible = scorecard_reads.visible_to(person(self.request))
        return visible.prefetch_related("scores__criterion", "scores__level")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()
        return versioned(self.get_serializer(found).data, found.version)


class RunViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RankingRun]
):
    """Ranking runs: ask for one, watch its progress, read its seal."""

    queryset = run_reads.runs()
    serializer_class = serializers.RunSerializer
    filterset_fields = ["status", "cycle"]
    lookup_value_converter = "int"

    @extend_schema(request=None, responses={202: serializers.RunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a ranking. A run that still waits is handed back."""
        run = request_run(actor=person(request), trigger=RankingRun.Trigger.API)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=serializers.RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancel a run that waits or works; one that is over answers 409."""
        run = self.get_object()
        cancel_run(actor=person(request), run=run)
        return Response(self.get_serializer(self.get_object()).data)


class BacklogViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RankedProposal]
):
    """The one shared backlog: the current run's results in their order."""

    queryset = RankedProposal.objects.none()
    filterset_class = BacklogFilter
    lookup_field = "proposal"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[RankedProposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        run = run_reads.current_run()
        if run is None:
            return super().get_queryset()
        return results_of(run, person(self.request)).select_related("run", "proposal")

    def get_serializer_class(self) -> type[Any]:
        if self.action == "retrieve":
            return serializers.ExplainedProposalSerializer
        return serializers.RankedProposalSerializer


class ExportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ExportJob]
):
    """One's own exports of the backlog, written by a worker and kept for a day."""

    queryset = ExportJob.objects.none()
    serializer_class = serializers.ExportSerializer
    filterset_fields = ["status", "format"]
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[ExportJob]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return exports_of(person(self.request))

    @extend_schema(
        request=serializers.ExportBodySerializer, responses={202: serializers.ExportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Ask for an export of the current backlog. Answers before the file is there."""
        body = serializers.ExportBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        run = run_reads.current_run()
        if run is None:
            raise Conflict("Nothing is ranked yet, so there is nothing to export.")
        made = request_export(
            actor=person(request),
            run=run,
            kind=body.validated_data["format"],
            query=view_address(QueryDict(body.validated_data["filter"])),
            creation_key=creation_key(request),
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: int) -> FileResponse:
        """The file itself. 404 before it is there and after its day."""
        return file_response(self.get_object())

    @extend_schema(responses=serializers.ExportFormSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def form(self, request: Request) -> Response:
        """The JSON schema of the files, and the public key that signs them now."""
        return Response({"schema": orjson.loads(SCHEMA.read_bytes()), "key": public_key()})


class DecisionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Decision]
):
    """Decisions. Recorded once, never changed."""

    queryset = Decision.objects.select_related("decided_by")
    serializer_class = serializers.DecisionSerializer
    filterset_class = DecisionFilter
    lookup_value_converter = "int"

    def create(self, request: Request) -> Response:
        """Decide on a proposal of the current run. Leaders only."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = decide(
            actor=person(request), creation_key=creation_key(request), **body.validated_data
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


def _version(version: FrameworkVersion, *, code: int = status.HTTP_200_OK) -> Response:
    return versioned(VersionResponse(version).data, version.version, code=code)


def _spec(request: Request) -> dict[str, Any]:
    body = serializers.SpecBodySerializer(data=request.data)
    body.is_valid(raise_exception=True)
    spec: dict[str, Any] = body.validated_data["spec"]
    return spec


def _answers(given: list[dict[str, Any]]) -> dict[int, Answer]:
    """Criterion keys and level values to ids, under the version in force."""
    version = framework_reads.published_version()
    if version is None:
        raise Conflict("There is no published framework to score against.")
    criteria = {item.key: item for item in framework_reads.judged_criteria(version)}
    answers: dict[int, Answer] = {}
    for place, row in enumerate(given):
        criterion = criteria.get(row["criterion"])
        if criterion is None:
            unknown = f"There is no judged criterion “{row['criterion']}”."
            raise ValidationError({f"answers.{place}.criterion": unknown})
        level: Decimal | None = row["level"]
        found = {item.value: item.pk for item in criterion.levels.all()}
        if level is not None and level not in found:
            values = ", ".join(f"{value.normalize():f}" for value in found)
            raise ValidationError({f"answers.{place}.level": f"Choose one of {values}."})
        answers[criterion.pk] = Answer(
            level=None if level is None else found[level],
            abstention_reason=row["abstention_reason"],
        )
    return answers
