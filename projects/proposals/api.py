"""Intake through the API: the same services and the same rules as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.customers.models import SegmentFigure
from projects.customers.serializers import SegmentFigureSerializer
from projects.cycles.selectors import open_cycle
from projects.errors import Conflict
from projects.http import creation_key, needs_version, repeatable, required_version, versioned
from projects.people.requests import signed_in
from projects.proposals import serializers
from projects.proposals.filters import (
    CoAuthorFilter,
    CommentFilter,
    FileFilter,
    LinkFilter,
    ProposalFilter,
)
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.overlap import overlaps_of
from projects.proposals.selectors import (
    authors_among,
    comments_for,
    files_among,
    links_among,
    recently_submitted,
    visible_to,
    with_content,
    with_owners,
)
from projects.proposals.services import (
    add_author,
    add_comment,
    add_file,
    copy_proposal,
    create_proposal,
    end_author,
    link_proposals,
    recall_proposal,
    record_figures,
    remove_file,
    remove_link,
    reply,
    resolve,
    sign_proposal,
    submit_proposal,
    take_up_again,
    update_proposal,
    withdraw_proposal,
)


class SegmentFigureViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[SegmentFigure]):
    """Figures of segments, which benefits are worked out from. They are kept for good."""

    queryset = SegmentFigure.objects.select_related("segment")
    serializer_class = SegmentFigureSerializer
    filterset_fields = ("segment",)

    @extend_schema(responses={201: SegmentFigureSerializer})
    def create(self, request: Request) -> Response:
        """Keep the figures of a day; the same again are kept once."""
        body = SegmentFigureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        (kept,) = record_figures(actor=signed_in(request), figures=[body.figure()])
        return Response(SegmentFigureSerializer(kept).data, status=status.HTTP_201_CREATED)


class CommentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Comment]):
    """What is said about proposals; a question names who is to answer, a reply its ``thread``."""

    queryset = Comment.objects.none()
    serializer_class = serializers.CommentSerializer
    filterset_class = CommentFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return comments_for(signed_in(self.request))

    @extend_schema(responses={201: serializers.CommentSerializer})
    def create(self, request: Request) -> Response:
        """Comment on a part of a proposal that you read, or ask somebody."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = add_comment(actor=signed_in(request), comment=Comment(**body.validated_data))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.ReplySerializer, responses={201: serializers.CommentSerializer}
    )
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: int) -> Response:
        """Say something to a comment."""
        body = serializers.ReplySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = reply(
            actor=signed_in(request), thread=self.get_object(), text=body.validated_data["text"]
        )
        return Response(self.get_serializer(said).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: int) -> Response:
        """Settle a comment: who made it, who is asked, or an owner."""
        settled = resolve(actor=signed_in(request), thread=self.get_object())
        return Response(self.get_serializer(settled).data)


class LinkViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Link]):
    """What ties proposals together: ``needs``, ``together``, ``excludes``."""

    queryset = Link.objects.none()
    serializer_class = serializers.LinkSerializer
    filterset_class = LinkFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Link]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return links_among(signed_in(self.request))

    @extend_schema(responses={201: serializers.LinkSerializer})
    def create(self, request: Request) -> Response:
        """Tie an own proposal to another of its cycle; the other's owners are told."""
        user = signed_in(request)
        body = serializers.LinkSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = link_proposals(actor=user, **body.validated_data)
        return Response(serializers.LinkSerializer(made).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: int) -> Response:
        """Take it back: the owners of both may."""
        remove_link(actor=signed_in(request), link=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class FileViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Attachment]
):
    """Files of proposals; one alone comes with what is in it."""

    queryset = Attachment.objects.none()
    filterset_class = FileFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Attachment]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        found = files_among(signed_in(self.request))
        return found.defer(None) if self.action == "retrieve" else found

    def get_serializer_class(self) -> type[Any]:
        if self.action == "retrieve":
            return serializers.WholeAttachmentSerializer
        return serializers.AttachmentSerializer

    @extend_schema(
        request=serializers.NewAttachmentSerializer,
        responses={201: serializers.AttachmentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Put a file to a draft; both signatures are void, as after any change of the text."""
        user = signed_in(request)
        body = serializers.NewAttachmentSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = add_file(actor=user, **body.validated_data)
        return Response(serializers.AttachmentSerializer(made).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: int) -> Response:
        """Take it out of a draft again."""
        remove_file(actor=signed_in(request), file=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CoAuthorViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CoAuthor]):
    """Who writes along: reads and changes the draft, and signs nothing."""

    queryset = CoAuthor.objects.none()
    serializer_class = serializers.CoAuthorSerializer
    filterset_class = CoAuthorFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[CoAuthor]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return authors_among(signed_in(self.request))

    @extend_schema(responses={201: serializers.CoAuthorSerializer})
    def create(self, request: Request) -> Response:
        """Let somebody write an own draft along; they are told."""
        user = signed_in(request)
        body = serializers.CoAuthorSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = add_author(actor=user, **body.validated_data)
        return Response(serializers.CoAuthorSerializer(made).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: int) -> Response:
        """End it: the owners may, and who writes along."""
        end_author(actor=signed_in(request), author=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProposalViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Proposal]
):
    """Joint proposals: read, write, sign, submit, take back."""

    queryset = Proposal.objects.none()
    filterset_class = ProposalFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Proposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        visible = recently_submitted(visible_to(signed_in(self.request)))
        return with_owners(visible) if self.action == "list" else with_content(visible)

    def get_serializer_class(self) -> type[Any]:
        if self.action == "list":
            return serializers.ProposalRowSerializer
        if self.action in ("create", "partial_update"):
            return serializers.ProposalWriteSerializer
        return serializers.ProposalSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    @repeatable
    @extend_schema(responses={201: serializers.ProposalSerializer})
    def create(self, request: Request) -> Response:
        cycle = open_cycle()
        if cycle is None:
            raise Conflict("Intake is closed: no current cycle takes proposals today.")
        proposal = create_proposal(
            actor=signed_in(request),
            cycle=cycle,
            change=self._change(request),
            creation_key=creation_key(request),
        )
        return self._answer(proposal, code=status.HTTP_201_CREATED)

    @needs_version
    @extend_schema(responses=serializers.ProposalSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        proposal = self.get_object()
        version = required_version(request)
        return self._answer(
            update_proposal(
                actor=signed_in(request),
                proposal=proposal,
                change=self._change(request, partial=True),
                expected_version=version,
            )
        )

    @extend_schema(request=serializers.DigestSerializer, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: int) -> Response:
        """Sign the text with this digest."""
        proposal = self.get_object()
        body = serializers.DigestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sign_proposal(
            actor=signed_in(request), proposal=proposal, digest=body.validated_data["digest"]
        )
        return self._answer(proposal)

    @needs_version
    @extend_schema(request=None, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        """Hand it to the panel; needs both signatures."""
        return self._answer(
            submit_proposal(
                actor=signed_in(request),
                proposal=self.get_object(),
                expected_version=required_version(request),
            )
        )

    @needs_version
    @extend_schema(request=None, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: int) -> Response:
        """Take a submitted proposal back to draft; voids both signatures."""
        return self._answer(
            recall_proposal(
                actor=signed_in(request),
                proposal=self.get_object(),
                expected_version=required_version(request),
            )
        )

    @needs_version
    @extend_schema(request=serializers.WithdrawSerializer, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a draft or an undecided proposal out of all lists but those of its two teams."""
        proposal = self.get_object()
        body = serializers.WithdrawSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._answer(
            withdraw_proposal(
                actor=signed_in(request),
                proposal=proposal,
                reason=body.validated_data["reason"],
                expected_version=required_version(request),
            )
        )

    @needs_version
    @extend_schema(request=None, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, pk: int) -> Response:
        """Make a withdrawn proposal a draft again."""
        return self._answer(
            take_up_again(
                actor=signed_in(request),
                proposal=self.get_object(),
                expected_version=required_version(request),
            )
        )

    @repeatable
    @extend_schema(request=None, responses={201: serializers.ProposalSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: int) -> Response:
        """Start again from it: a new draft in the open cycle, without signatures."""
        made = copy_proposal(
            actor=signed_in(request),
            proposal=self.get_object(),
            creation_key=creation_key(request),
        )
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.OverlapSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def overlaps(self, request: Request, pk: int) -> Response:
        """Others of its cycle that say nearly the same, the closest first."""
        proposal = self.get_object()
        among = visible_to(signed_in(request)).filter(cycle=proposal.cycle_id)
        pairs = overlaps_of(proposal, among)
        titles = dict(
            among.filter(pk__in=[pair.other for pair in pairs]).values_list("pk", "title")
        )
        found = [
            {
                "proposal": pair.other,
                "title": titles[pair.other],
                "alike": pair.alike,
                "reasons": pair.reasons,
            }
            for pair in pairs
        ]
        return Response(serializers.OverlapSerializer(found, many=True).data)

    def _change(self, request: Request, *, partial: bool = False) -> Any:
        body = serializers.ProposalWriteSerializer(data=request.data, partial=partial)
        body.is_valid(raise_exception=True)
        return body.change()

    def _answer(self, proposal: Proposal, *, code: int = status.HTTP_200_OK) -> Response:
        fresh = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
        return versioned(serializers.ProposalSerializer(fresh).data, fresh.version, code=code)
