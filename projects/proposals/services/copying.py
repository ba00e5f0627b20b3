"""Starting again from a proposal that is there, in the cycle that is open today."""

from typing import Any
from uuid import UUID

from django.db import models, transaction

from projects.cycles.selectors import open_cycle
from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_content
from projects.proposals.services.change import EDITABLE_FIELDS, Change
from projects.proposals.services.drafts import create_proposal

OWN = {"id", "proposal"}


def copy_proposal(*, actor: User, proposal: Proposal, creation_key: UUID) -> Proposal:
    """A new draft with the same owners, text and numbers, which says where they come from.

    The old one stays as it is, and none of its signatures, scores or decisions comes along.
    """
    cycle = open_cycle()
    if cycle is None:
        raise Conflict("Intake is closed: no current cycle takes proposals today.")
    text = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
    change = Change(
        fields={name: getattr(text, name) for name in EDITABLE_FIELDS},
        money=[_copied(row) for row in text.money.all()],
        effects=[_copied(row) for row in text.effects.all()],
        measures=[_copied(row) for row in text.measures.all()],
        commitments=[_copied(row) for row in text.commitments.all()],
        efforts=[_copied(row) for row in text.efforts.all()],
        answers=[_copied(row) for row in text.answers.all()],
    )
    with transaction.atomic():
        is_new = not Proposal.objects.filter(creation_key=creation_key).exists()
        made = create_proposal(
            actor=actor,
            cycle=cycle,
            change=change,
            creation_key=creation_key,
            copied_from=proposal,
        )
        if is_new:  # a draft that was made before has files of its own by now
            Attachment.objects.bulk_create(
                Attachment(**_values(file) | {"proposal_id": made.pk})
                for file in Attachment.objects.filter(proposal=proposal)
            )
    return made


def _copied(row: models.Model) -> Any:
    return type(row)(**_values(row))


def _values(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields  # noqa: SLF001
    return {item.attname: getattr(row, item.attname) for item in fields if item.name not in OWN}
