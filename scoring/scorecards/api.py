"""The panel through the API: the personal queue and scorecards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from projects.errors import Conflict
from projects.http import needs_version, required_version, versioned
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to
from projects.proposals.serializers import ProposalRowSerializer
from scoring.framework import selectors as framework_reads
from scoring.panel.models import DeclaredConflict
from scoring.panel.requests import panelist
from scoring.panel.selectors import conflicts_for, may_assign
from scoring.scorecards import serializers
from scoring.scorecards.filters import ScorecardFilter
from scoring.scorecards.models import Question, Scorecard
from scoring.scorecards.selectors import cards as scorecard_reads
from scoring.scorecards.selectors.agreement import judgements
from scoring.scorecards.selectors.assignments import Judges, awaited, judges_of, open_proposals
from scoring.scorecards.selectors.said import questions_on
from scoring.scorecards.services import (
    Answer,
    answer,
    ask,
    declare_conflict,
    end_conflict,
    hand_over,
    recuse,
    save_scorecard,
    set_judges,
    spread_judges,
)


class QueueViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Proposal]):
    """Proposals that wait for one's own judgement, least judged first. Panelists only."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalRowSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Proposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        user, version = panelist(self.request), framework_reads.published_version()
        return scorecard_reads.pending_for(user, version) if version else Proposal.objects.none()

    @needs_version
    @extend_schema(
        request=serializers.ScorecardBodySerializer, responses=serializers.ScorecardSerializer
    )
    @action(detail=True, methods=["put"])
    def scorecard(self, request: Request, pk: int) -> Response:
        """Save or submit one's scorecard. If-Match is its version, "0" for a new one."""
        whose, body = self._asked(request, pk, serializers.ScorecardBodySerializer)
        answers = _answers(body["answers"])
        saved = save_scorecard(
            **whose,
            answers=answers,
            comment=body["comment"],
            change_reason=body["change_reason"],
            submit=body["submit"],
        )
        return versioned(_shown(saved, whose["actor"]), saved.version)

    @needs_version
    @extend_schema(
        request=serializers.RecusalBodySerializer, responses=serializers.ScorecardSerializer
    )
    @action(detail=True, methods=["post"])
    def recuse(self, request: Request, pk: int) -> Response:
        """Recuse yourself from judging this proposal. If-Match as for the scorecard."""
        whose, body = self._asked(request, pk, serializers.RecusalBodySerializer)
        saved = recuse(**whose, reason=body["reason"])
        return versioned(_shown(saved, whose["actor"]), saved.version)

    def _asked(
        self, request: Request, pk: int, form: type[Serializer[Any]]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Whose scorecard of which proposal in which version, and the checked body."""
        user = signed_in(request)
        proposal = get_object_or_404(visible_to(user), pk=pk)
        expected = required_version(request)
        body = form(data=request.data)
        body.is_valid(raise_exception=True)
        whose = {"actor": user, "proposal": proposal, "expected_version": expected}
        return whose, body.validated_data


class AssignmentViewSet(viewsets.GenericViewSet[Proposal]):
    """Who judges which proposal of the current cycle. For the panel's chair."""

    queryset = Proposal.objects.none()
    serializer_class = serializers.JudgesSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Proposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        if not may_assign(signed_in(self.request)):
            raise PermissionDenied("Only the panel's chair sees who judges what.")
        return open_proposals()

    def list(self, request: Request) -> Response:
        """Open proposals with their judges, longest waiting first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        found = [_judges(row) for row in judges_of(list(page))]
        return self.get_paginated_response(self.get_serializer(found, many=True).data)

    @extend_schema(request=serializers.SpreadBodySerializer, responses=serializers.SpreadSerializer)
    @action(detail=False, methods=["post"])
    def spread(self, request: Request) -> Response:
        """Find judges, evenly, for what lacks some."""
        self.get_queryset()
        body = serializers.SpreadBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        found = spread_judges(actor=signed_in(request), **body.validated_data)
        return Response(serializers.SpreadSerializer(found).data)

    @extend_schema(
        request=serializers.HandOverBodySerializer, responses=serializers.SpreadSerializer
    )
    @action(detail=False, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request) -> Response:
        """Ask others for what a member is assigned and has not judged yet."""
        self.get_queryset()
        body = serializers.HandOverBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        member = get_object_or_404(User, pk=body.validated_data["member"])
        found = hand_over(actor=signed_in(request), member=member)
        return Response(serializers.SpreadSerializer(found).data)

    @extend_schema(request=serializers.JudgesBodySerializer)
    def update(self, request: Request, pk: int) -> Response:
        """Say who judges one proposal; nobody: everybody on the panel."""
        proposal = self.get_object()
        body = serializers.JudgesBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        set_judges(actor=signed_in(request), proposal=proposal, **body.validated_data)
        [found] = judges_of([proposal])
        return Response(self.get_serializer(_judges(found)).data)


class ConflictViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[DeclaredConflict]):
    """One's own declared conflicts of interest; for the chair, the panel's."""

    queryset = DeclaredConflict.objects.none()
    serializer_class = serializers.DeclaredConflictSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[DeclaredConflict]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return conflicts_for(signed_in(self.request))

    @extend_schema(
        request=serializers.ConflictBodySerializer,
        responses={201: serializers.DeclaredConflictSerializer},
    )
    def create(self, request: Request) -> Response:
        """Say whom one is tied to: their proposals are no longer one's own to judge."""
        body = serializers.ConflictBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = declare_conflict(actor=signed_in(request), **body.validated_data)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.DeclaredConflictSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Say that it is over. Proposals begun until now stay closed."""
        tie = self.get_object()
        end_conflict(actor=signed_in(request), tie=tie)
        tie.refresh_from_db()
        return Response(self.get_serializer(tie).data)


def _judges(found: Judges) -> dict[str, Any]:
    return {
        "proposal": found.proposal.pk,
        "reference": found.proposal.reference,
        "title": found.proposal.title,
        "assigned": found.assigned,
        "judges": [
            {"person": judge.pk, "name": str(judge), "given": is_in}
            for judge, is_in in found.judges
        ],
    }


class JudgementViewSet(viewsets.ViewSet):
    """How the panel judges each criterion in the current cycle."""

    @extend_schema(responses=serializers.FindingSerializer(many=True))
    def list(self, request: Request) -> Response:
        """From first scores on proposals that one has judged; for the panel."""
        user, version = panelist(request), framework_reads.published_version()
        found = judgements(user, version).findings if version is not None else []
        return Response(serializers.FindingSerializer(found, many=True).data)


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
        visible = scorecard_reads.visible_to(signed_in(self.request))
        return visible.prefetch_related("scores__criterion", "scores__level")

    def list(self, request: Request) -> Response:
        found = self.filter_queryset(self.get_queryset())
        page: Sequence[Scorecard] = self.paginate_queryset(found) or []
        shown = self.get_serializer(page, many=True, context=self._context(page))
        return self.get_paginated_response(shown.data)

    def retrieve(self, request: Request, pk: int) -> Response:
        found = self.get_object()
        shown = self.get_serializer(found, context=self._context([found]))
        return versioned(shown.data, found.version)

    @extend_schema(responses=serializers.QuestionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def questions(self, request: Request, pk: int) -> Response:
        """What was asked about this scorecard, with the answers."""
        asked = questions_on(Scorecard.objects.filter(pk=self.get_object().pk))
        return Response(serializers.QuestionSerializer(asked, many=True).data)

    @extend_schema(
        request=serializers.QuestionBodySerializer, responses={201: serializers.QuestionSerializer}
    )
    @questions.mapping.post
    def ask(self, request: Request, pk: int) -> Response:
        """Ask who gave a score about it, once all who judge are in."""
        card = self.get_object()
        body = serializers.QuestionBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        score = card.scores.filter(criterion__key=body.validated_data["criterion"]).first()
        if score is None:
            raise ValidationError({"criterion": "The scorecard does not answer this criterion."})
        asked = ask(actor=signed_in(request), score=score, text=body.validated_data["text"])
        return Response(serializers.QuestionSerializer(asked).data, status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.AnswerBodySerializer, responses=serializers.QuestionSerializer
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Answer a question about one's own scorecard, once."""
        card = self.get_object()
        body = serializers.AnswerBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = get_object_or_404(
            Question, pk=body.validated_data["question"], score__scorecard=card
        )
        said = answer(actor=signed_in(request), question=asked, text=body.validated_data["text"])
        return Response(serializers.QuestionSerializer(said).data)

    def _context(self, cards: Sequence[Scorecard]) -> dict[str, Any]:
        """Who reads, and whose names are not shown yet."""
        reader = signed_in(self.request)
        others = {card.proposal for card in cards if card.panelist_id != reader.pk}
        return {"reader": reader, "awaited": awaited(others)}


def _shown(own: Scorecard, reader: User) -> dict[str, Any]:
    return dict(serializers.ScorecardSerializer(own, context={"reader": reader}).data)


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
