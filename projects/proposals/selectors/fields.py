"""Which custom fields a proposal is asked."""

from django.db.models import Q, QuerySet

from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.proposals import Proposal


def open_fields() -> QuerySet[CustomField]:
    return CustomField.objects.filter(is_closed=False)


def fields_of(proposal: Proposal) -> dict[int, CustomField]:
    """What a proposal is asked, and what it has answered before, by id."""
    asked = Q(is_closed=False) & Q(category__in=["", proposal.category])
    answered = Q(pk__in=FieldValue.objects.filter(proposal=proposal).values("field"))
    return {field.pk: field for field in CustomField.objects.filter(asked | answered)}
