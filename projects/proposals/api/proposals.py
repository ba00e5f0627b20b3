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
from projects.proposals.filters import ProposalFilter
from projects.proposals.models.fields import CustomField
from projects.proposals.models.proposals import Proposal
from projects.proposals.overlap import overlaps_of
from projects.proposals.selectors import (
    recently_submitted,
    visible_to,
    with_content,
    with_owners,
)
from projects.proposals.services import (
    copy_proposal,
    create_proposal,
    recall_proposal,
    record_figures,
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


class CustomFieldViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CustomField]):
    """What the company asks of its proposals beside. Administrators keep them."""

    queryset = CustomField.objects.all()
    serializer_class = serializers.CustomFieldSerializer
    filterset_fields = ("is_closed",)


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
