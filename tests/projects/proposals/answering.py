"""Custom fields and answers to them."""

from typing import Any

from projects.models import CustomField, FieldValue, Proposal
from projects.proposals.selectors import content_of, with_content
from projects.proposals.services import Change, update_proposal

STEPS = ("Idea", "Researched", "Tested with customers")


def field(key: str = "readiness", kind: str = "choice", **values: Any) -> CustomField:
    options = "\n".join(STEPS) if kind == "choice" else ""
    said = {"key": key, "name": key.title(), "kind": kind, "choices": options} | values
    made = CustomField(**said)
    made.full_clean()
    made.save()
    return made


def answered(proposal: Proposal, **said: str) -> Proposal:
    rows = [
        FieldValue(field=CustomField.objects.get(key=key), value=text) for key, text in said.items()
    ]
    return update_proposal(
        actor=proposal.marketing_owner,
        proposal=proposal,
        change=Change(answers=rows),
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )


def given(proposal: Proposal) -> dict[str, str]:
    return dict(proposal.answers.values_list("field__key", "value"))


def text_of(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())
