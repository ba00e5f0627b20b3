"""What stands around the text of proposals, through the API: comments, ties, files, co-authors."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.requests import signed_in
from projects.proposals import serializers
from projects.proposals.filters import (
    CoAuthorFilter,
    CommentFilter,
    FileFilter,
    LinkFilter,
)
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.selectors import (
    authors_among,
    comments_for,
    files_among,
    links_among,
)
from projects.proposals.services import (
    add_author,
    add_comment,
    add_file,
    agree,
    end_author,
    link_proposals,
    remove_file,
    remove_link,
    reply,
    resolve,
)


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
    """What ties proposals together: ``needs``, ``together``, ``excludes``; ``part`` is a merge,
    done once the ``awaited`` owners have agreed.
    """

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

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: int) -> Response:
        """Say yes to a merge, as an owner of one of the two; with the last yes it is done."""
        agreed = agree(actor=signed_in(request), link=self.get_object())
        return Response(serializers.LinkSerializer(agreed).data)

    def destroy(self, request: Request, pk: int) -> Response:
        """Take it back, or say no to a merge: the owners of both may."""
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
