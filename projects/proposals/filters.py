"""Filters of the proposal list, shared by the page and the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from projects.cycles.models import Cycle
from projects.people.models import Team, User
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.fields import FieldValue
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to


class ProposalFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    status = django_filters.ChoiceFilter(
        choices=Proposal.Status, label="Status", empty_label="Any status"
    )
    team = django_filters.ModelChoiceFilter(
        queryset=Team.objects.filter(function__in=["marketing", "cx"]),
        method="of_team",
        label="Team",
        empty_label="Any team",
    )
    mine = django_filters.BooleanFilter(method="owned", label="Mine only")
    late = django_filters.BooleanFilter(
        method="handed_in_late", label="Late", help_text="Submitted after intake had closed."
    )
    joint = django_filters.BooleanFilter(
        field_name="is_joint", label="Joint", help_text="A key in Marketing and a key in CX."
    )
    answer = django_filters.CharFilter(
        method="answered",
        label="Answer",
        help_text="To a custom field, by its key and what was answered, such as readiness:Tested.",
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def search(self, queryset: QuerySet[Proposal], _name: str, value: str) -> QuerySet[Proposal]:
        return queryset.filter(Q(title__icontains=value) | Q(reference__icontains=value))

    def of_team(self, queryset: QuerySet[Proposal], _name: str, value: Team) -> QuerySet[Proposal]:
        return queryset.filter(Q(marketing_owner__team=value) | Q(cx_owner__team=value))

    def handed_in_late(
        self, queryset: QuerySet[Proposal], _name: str, value: bool
    ) -> QuerySet[Proposal]:
        late = Q(pk__in=[])
        for cycle in Cycle.objects.all():  # each closes by its own clock
            late |= Q(cycle=cycle, submitted_at__gte=cycle.closes_at)
        late &= ~Q(status=Proposal.Status.DRAFT)  # taken back, it was handed in before
        return queryset.filter(late if value else ~late)

    def answered(self, queryset: QuerySet[Proposal], _name: str, value: str) -> QuerySet[Proposal]:
        key, _, said = value.partition(":")
        found = FieldValue.objects.filter(field__key=key, value=said)
        return queryset.filter(pk__in=found.values("proposal"))

    def owned(self, queryset: QuerySet[Proposal], _name: str, value: bool) -> QuerySet[Proposal]:
        user = self.request.user if self.request else None
        if not value or not isinstance(user, User):
            return queryset
        return queryset.filter(Q(marketing_owner=user) | Q(cx_owner=user))


def visible_proposals(request: HttpRequest | None) -> QuerySet[Proposal]:
    """What may be named in a filter: a proposal out of sight answers as one that is not there."""
    user = request.user if request else None
    return visible_to(user) if isinstance(user, User) else Proposal.objects.none()


class CommentFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)
    open = django_filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")

    class Meta:
        model = Comment
        fields = ["proposal", "part", "open"]


class CoAuthorFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)

    class Meta:
        model = CoAuthor
        fields = ["proposal", "person"]


class FileFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)

    class Meta:
        model = Attachment
        fields = ["proposal"]


class LinkFilter(django_filters.FilterSet):
    proposal = django_filters.ModelChoiceFilter(queryset=visible_proposals)
    other = django_filters.ModelChoiceFilter(queryset=visible_proposals)

    class Meta:
        model = Link
        fields = ["proposal", "other", "kind"]
