"""Who leaves: what hangs on the account is shown, drafts change hands, nothing is deleted."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.audit.models import AuditEntry
from projects.models import Notification, Proposal, User
from projects.proposals.services.handover import switch_off
from projects.tokens.services import issue_token
from scoring.models import Score
from tests.company import Company
from tests.pages import signed_in, text


def counts(page: str) -> dict[str, str]:
    return {
        part.partition("</dt>")[0]: part.partition("<dd>")[2].partition("</dd>")[0]
        for part in page.split("<dt>")[1:]
    }


def test_the_page_counts_what_hangs_on_the_account(company: Company) -> None:
    company.draft("Half written")
    company.submitted("Sent")
    issue_token(
        actor=company.marketing, person=company.marketing, name="Report", scope="read", days=30
    )
    admin = signed_in(company.admin)
    page = text(admin.get(f"/people/{company.marketing.pk}/off/"))
    shown = ("Drafts", "Submitted or decided", "Signatures", "Judgements due", "API tokens")
    assert [counts(page)[name] for name in shown] == ["1", "1", "1", "0", "1"]
    assert "Half written" in page
    judge = text(admin.get(f"/people/{company.panelist.pk}/off/"))
    assert counts(judge)["Judgements due"] == "1"


def test_drafts_change_hands_and_are_signed_anew(company: Company) -> None:
    draft = company.sign(company.draft("Half written"))
    sent = company.submitted("Sent")
    client = signed_in(company.marketing)
    form = {"successor": company.marketing_mate.pk}
    done = signed_in(company.admin).post(f"/people/{company.marketing.pk}/off/", form, follow=True)
    assert "is switched off. 1 draft changed hands." in text(done)
    draft.refresh_from_db()
    sent.refresh_from_db()
    assert (draft.marketing_owner, sent.marketing_owner) == (
        company.marketing_mate,
        company.marketing,
    )
    told = Notification.objects.filter(recipient=company.marketing_mate).latest("pk")
    assert "named you as an owner of “Half written”." in told.text
    assert client.get("/").status_code == 302, "their session ends"
    entry = AuditEntry.objects.get(action="person.off")
    assert entry.data == {"successor": company.marketing_mate.pk, "drafts": [draft.pk]}


def test_without_a_successor_drafts_stay_until_the_other_owner_names_one(company: Company) -> None:
    draft = company.draft("Half written")
    assert switch_off(actor=company.admin, person=company.marketing) == 0
    draft.refresh_from_db()
    assert draft.marketing_owner == company.marketing
    page = signed_in(company.cx).get(f"/proposals/{draft.pk}/")
    assert page.status_code == 200


def test_judgements_stay_and_are_no_longer_waited_for(company: Company) -> None:
    company.score(company.submitted("One"), company.panelist, 50, 25)
    company.submitted("Two")
    switch_off(actor=company.admin, person=company.panelist)
    assert Score.objects.filter(scorecard__panelist=company.panelist).count() == 2
    company.panelist.refresh_from_db()
    assert signed_in(company.leader).get("/backlog/").status_code == 200


@pytest.mark.parametrize("who", ["leader", "curator"])
def test_only_administrators_switch_off_and_never_themselves(company: Company, who: str) -> None:
    with pytest.raises(PermissionDenied):
        switch_off(actor=getattr(company, who), person=company.marketing)
    with pytest.raises(ValidationError, match="You cannot switch yourself off"):
        switch_off(actor=company.admin, person=company.admin)
    admin = signed_in(company.admin)
    assert admin.get(f"/people/{company.admin.pk}/off/").status_code == 404
    assert User.objects.filter(is_active=False).count() == 0


def test_what_cannot_be_handed_over_is_named_and_nothing_changes(company: Company) -> None:
    company.draft("Half written")
    User.objects.filter(pk=company.cx.pk).update(is_active=False)
    form = {"successor": company.marketing_mate.pk}
    answer = signed_in(company.admin).post(f"/people/{company.marketing.pk}/off/", form)
    assert answer.status_code == 422
    assert "“Half written” cannot be handed over: Choose an active person from a CX team." in text(
        answer
    )
    wrong = signed_in(company.admin).post(
        f"/people/{company.marketing.pk}/off/", {"successor": company.leader.pk}
    )
    assert wrong.status_code == 422
    company.marketing.refresh_from_db()
    assert company.marketing.is_active
    assert Proposal.objects.get().marketing_owner == company.marketing
