"""Many drafts handed in at once, with the consent that both owners gave elsewhere."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditEntry, Notification, Proposal, Revision, Signature
from projects.proposals.services import submit_attested
from tests.company import Company, digest


def test_vouching_for_signatures_is_for_administrators_and_says_so(company: Company) -> None:
    proposal = company.draft()
    with pytest.raises(PermissionDenied):
        submit_attested(actor=company.marketing, proposals=[proposal], attestation="Meeting")
    with pytest.raises(ValidationError):
        submit_attested(actor=company.admin, proposals=[proposal], attestation=" ")
    assert not Revision.objects.exists()
    (made,) = submit_attested(actor=company.admin, proposals=[proposal], attestation="Board, 3 May")
    assert (made.status, made.version, made.is_late) == ("submitted", 2, False)
    assert made.submitted_revision == Revision.objects.get()
    assert made.submitted_revision.digest == digest(proposal)
    assert set(Signature.objects.values_list("function", "signer__username", "attestation")) == {
        ("marketing", "admin", "Board, 3 May"),
        ("cx", "admin", "Board, 3 May"),
    }
    assert AuditEntry.objects.filter(action="proposal.attest").count() == 2
    assert AuditEntry.objects.filter(action="proposal.submit").count() == 1
    told = Notification.objects.filter(recipient=company.cx).latest("pk")
    assert told.text == f"“{proposal.title}” was submitted."


def test_a_list_of_many_is_handed_in_whole_in_its_order_and_told_once(
    company: Company,
) -> None:
    drafts = [company.draft(f"Draft {number}") for number in range(3)]
    Notification.objects.all().delete()
    turned = drafts[::-1]
    with CaptureQueriesContext(connection) as asked:
        made = submit_attested(actor=company.admin, proposals=turned, attestation="Board")
    assert made == turned
    assert {row.status for row in Proposal.objects.all()} == {"submitted"}
    assert Notification.objects.count() == 2
    assert {row.text for row in Notification.objects.all()} == {
        "3 proposals of yours were submitted by a list."
    }
    more = [company.draft(f"More {number}") for number in range(9)]
    with CaptureQueriesContext(connection) as later:
        submit_attested(actor=company.admin, proposals=more, attestation="Board")
    assert len(later) == len(asked)
    unfinished = company.draft("Not written", problem="")
    with pytest.raises(ValidationError):
        submit_attested(
            actor=company.admin,
            proposals=[company.draft("Written"), unfinished],
            attestation="Board",
        )
    assert Proposal.objects.filter(status="draft").count() == 2
