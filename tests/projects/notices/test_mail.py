"""Today's notices go out by mail too, and an administrator sees what did not."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from jobs.models import Message
from jobs.services import outbox
from projects.audit.models import AuditEntry
from projects.models import User
from projects.notices.services import notify
from tests.company import Company
from tests.pages import come_in


def reachable(person: User, address: str) -> User:
    person.email = address
    person.save(update_fields=["email"])
    return person


def test_who_has_an_address_gets_the_notice_as_mail_once(company: Company, settings: Any) -> None:
    settings.SITE_URL = "https://house.example"
    ada = reachable(company.marketing, "ada@house.example")
    gone = reachable(company.cx_mate, "gone@house.example")
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    notify(recipients=[ada, ada, company.cx, gone], text="“A & B” is decided.", url="/proposals/7/")
    message = Message.objects.get()
    assert message.recipient == "ada@house.example"
    assert message.subject == "“A & B” is decided."
    assert outbox.deliver(message_id=message.pk) is True
    (sent,) = mail.outbox
    assert "“A & B” is decided.\n\nhttps://house.example/proposals/7/\n" in sent.body


def test_submitting_writes_the_mail_in_the_same_transaction(company: Company) -> None:
    reachable(company.cx, "cx@house.example")
    company.submitted("Keep the card")
    subjects = list(Message.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects
    assert all("Keep the card" in subject for subject in subjects)


@pytest.mark.django_db
def test_an_administrator_sends_again_what_failed_and_nothing_else(
    client: Client, company: Company
) -> None:
    come_in(client, company.admin)
    made = {
        "kind": Message.Kind.MAIL,
        "recipient": "a@b.example",
        "payload": {"text": "secret-text"},
    }
    failed = Message.objects.create(key="1", subject="One", status="failed", error="No.", **made)
    done = Message.objects.create(key="2", subject="Two", status="done", **made)
    page = client.get("/admin/jobs/message/").content.decode()
    assert "One" in page
    assert "No." in page
    answer = client.post(
        "/admin/jobs/message/",
        {"action": "send_again", "_selected_action": [failed.pk, done.pk]},
        follow=True,
    ).content.decode()
    assert "“One” is sent again." in answer
    assert "“Two” did not fail. It is not sent again." in answer
    assert set(Message.objects.values_list("key", "status")) == {("1", "queued"), ("2", "done")}
    assert AuditEntry.objects.filter(action="message.resend").count() == 1
    read = client.get(f"/admin/jobs/message/{failed.pk}/change/").content.decode()
    assert "secret-text" not in read
