"""Versions of the framework through the API: the same services and rules as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.http import needs_version, required_version, versioned
from projects.people.models import User
from projects.people.requests import confirmed_in_api, signed_in
from scoring.framework import selectors as framework_reads
from scoring.framework import serializers
from scoring.framework.models import FrameworkVersion
from scoring.framework.services.comments import comment_on_draft
from scoring.framework.services.opinions import (
    ask_for_weights,
    give_opinion,
    groups_of,
    shown_rows,
    take_over,
)
from scoring.framework.services.versions import (
    discard_draft,
    import_framework,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import cast_ballot, put_forward
from scoring.panel.selectors import may_see_drafts

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
        user, versions = signed_in(self.request), FrameworkVersion.objects.all()
        if not may_see_drafts(user):
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
            return _version(start_draft(actor=signed_in(request)), code=status.HTTP_201_CREATED)
        made = import_framework(actor=signed_in(request), spec=_spec(request))
        return _version(made, code=status.HTTP_201_CREATED)

    @needs_version
    @extend_schema(request=serializers.SpecBodySerializer, responses=VersionResponse)
    def update(self, request: Request, pk: int) -> Response:
        """Replace the draft."""
        version = self.get_object()
        return _version(
            save_draft(
                actor=signed_in(request),
                version=version,
                spec=_spec(request),
                expected_version=required_version(request),
            )
        )

    @needs_version
    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Discard the draft."""
        discard_draft(
            actor=signed_in(request),
            version=self.get_object(),
            expected_version=required_version(request),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @needs_version
    @extend_schema(request=serializers.VoteSerializer, responses=VersionResponse)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        """Put the first version of all in force; on every later one, open the panel's vote."""
        actor, body = confirmed_in_api(request), serializers.VoteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        put_forward(
            actor=actor,
            version=self.get_object(),
            expected_version=required_version(request),
            **body.validated_data,
        )
        return _version(self.get_object())

    @extend_schema(request=serializers.BallotSerializer, responses=VersionResponse)
    @action(detail=True, methods=["post"])
    def ballot(self, request: Request, pk: int) -> Response:
        """Say yes, no or nothing to the draft that the panel votes on. A ballot stays."""
        body = serializers.BallotSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        cast_ballot(actor=signed_in(request), version=self.get_object(), **body.validated_data)
        return _version(self.get_object())

    @extend_schema(responses=serializers.DraftCommentSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def comments(self, request: Request, pk: int) -> Response:
        """What the panel says to a draft, as it came. For the panel."""
        version = self.get_object()
        if not may_see_drafts(signed_in(request)):
            raise PermissionDenied("Only the panel reads what is said to a draft.")
        said = framework_reads.comments_on(version)
        return Response(serializers.DraftCommentSerializer(said, many=True).data)

    @extend_schema(
        request=serializers.CommentBodySerializer,
        responses={201: serializers.DraftCommentSerializer},
    )
    @comments.mapping.post
    def comment(self, request: Request, pk: int) -> Response:
        """Say something to a draft. It stays."""
        user, version = signed_in(request), self.get_object()
        body = serializers.CommentBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = comment_on_draft(actor=user, version=version, **body.validated_data)
        answer = serializers.DraftCommentSerializer(said).data
        return Response(answer, status=status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.WeightsSerializer)
    @action(detail=True)
    def weights(self, request: Request, pk: int) -> Response:
        """What the panel says of the draft's weights: one's own, and others' once those are in."""
        user, version = signed_in(request), self.get_object()
        if not may_see_drafts(user):
            raise PermissionDenied("Only the panel sees the weights that its members give.")
        return _weights(version, user)

    @extend_schema(request=serializers.OpinionSerializer, responses=serializers.WeightsSerializer)
    @weights.mapping.post
    def give_weights(self, request: Request, pk: int) -> Response:
        """Give one's own weights of a group, when the panel is asked. They stay."""
        user, version = signed_in(request), self.get_object()
        body = serializers.OpinionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        give_opinion(actor=user, version=version, **body.validated_data)
        return _weights(version, user)

    @needs_version
    @extend_schema(request=None, responses=serializers.WeightsSerializer)
    @action(detail=True, methods=["post"], url_path="weights/ask")
    def ask_weights(self, request: Request, pk: int) -> Response:
        """Ask every member of the panel for their weights of the draft."""
        user, version = signed_in(request), self.get_object()
        expected = required_version(request)
        ask_for_weights(actor=user, version=version, expected_version=expected)
        return _weights(self.get_object(), user)

    @needs_version
    @extend_schema(request=serializers.TakeWeightsSerializer, responses=VersionResponse)
    @action(detail=True, methods=["post"], url_path="weights/take")
    def take_weights(self, request: Request, pk: int) -> Response:
        """Write the panel's weights into the draft. From then on nobody weighs."""
        user, body = signed_in(request), serializers.TakeWeightsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        taken = take_over(
            actor=user,
            version=self.get_object(),
            expected_version=required_version(request),
            **body.validated_data,
        )
        return _version(taken)


def _weights(version: FrameworkVersion, user: User) -> Response:
    groups = [
        {
            "group": group.key,
            "name": group.name,
            "given": len(group.opinions),
            "items": shown_rows(group, user),
        }
        for group in groups_of(version)
    ]
    shown = {"asked_at": version.weights_asked_at, "groups": groups}
    return Response(serializers.WeightsSerializer(shown).data)


def _version(version: FrameworkVersion, *, code: int = status.HTTP_200_OK) -> Response:
    return versioned(VersionResponse(version).data, version.version, code=code)


def _spec(request: Request) -> dict[str, Any]:
    body = serializers.SpecBodySerializer(data=request.data)
    body.is_valid(raise_exception=True)
    spec: dict[str, Any] = body.validated_data["spec"]
    return spec
