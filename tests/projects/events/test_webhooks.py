"""Webhooks: signed, in order, at least once, to nobody inside, and off when nobody answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from jobs.models import Message
from projects.events.services import (
    end_webhook,
    hand_over,
    make_webhook,
    resume_webhook,
    rotate_secret,
    send_test,
)
from projects.models import Notification, Webhook
from projects.proposals.services.course import recall_proposal
from tests.company import Company
from tests.pages import signed_in, text
from tests.projects.events.telling import delivered, happened, made
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_receiver_of_the_standard_accepts_each_event_in_order(
    company: Company, receiver: Receiver
) -> None:
    happened(1)  # before it was made: not told
    _, secret = made(company, receiver)
    for number in (2, 3, 4):
        happened(number)
    happened(9, "token.issue", "token")  # no event
    delivered()
    events = receiver.verified(secret)
    assert [event["data"] for event in events] == [{"run": 2}, {"run": 3}, {"run": 4}]
    headers, _ = receiver.got[0]
    assert headers["webhook-id"] == events[0]["id"]
    assert headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        receiver.verified("whsec_" + "A" * 44)


def test_a_failing_receiver_holds_the_later_ones_back(company: Company, receiver: Receiver) -> None:
    _, secret = made(company, receiver)
    receiver.answers = [500, 302, 404]
    happened(1)
    happened(2)
    delivered()
    ids = [event["data"]["run"] for event in receiver.verified(secret)]
    assert ids == [1, 1, 1, 1, 2]  # a redirect is not followed
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 2
    assert Message.objects.filter(kind="webhook", status="done").count() == 2


def test_after_all_tries_it_is_switched_off_with_word_and_goes_on_where_it_stopped(
    company: Company, receiver: Receiver
) -> None:
    hook, secret = made(company, receiver)
    receiver.answers = [503] * Message.tries
    happened(1)
    happened(2)
    delivered()
    hook.refresh_from_db()
    assert hook.ended_at is not None
    assert "the receiver answered 503" in hook.ended_because
    assert len(receiver.got) == Message.tries
    told = Notification.objects.get(recipient=company.admin)
    assert told.text.startswith("The webhook “Tracker” is switched off: ")
    delivered()
    assert len(receiver.got) == Message.tries
    receiver.got.clear()
    resume_webhook(actor=company.admin, webhook=hook)
    delivered()
    assert [event["data"]["run"] for event in receiver.verified(secret)] == [1, 2]


def test_410_ends_it_at_once(company: Company, receiver: Receiver) -> None:
    hook, _ = made(company, receiver)
    receiver.answers = [410]
    happened(1)
    delivered()
    hook.refresh_from_db()
    assert (len(receiver.got), hook.ended_at is None) == (1, False)


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    company: Company, receiver: Receiver
) -> None:
    hook, old = made(company, receiver)
    new = rotate_secret(actor=company.admin, webhook=hook)
    assert new != old
    happened(1)
    delivered()
    assert receiver.verified(old) == receiver.verified(new)
    Webhook.objects.update(rotated_at=timezone.now() - timedelta(hours=25))
    receiver.got.clear()
    happened(2)
    delivered()
    assert len(receiver.verified(new)) == 1
    with pytest.raises(WebhookVerificationError):
        receiver.verified(old)


def test_a_former_secret_key_still_signs(
    company: Company, receiver: Receiver, settings: Any
) -> None:
    _, secret = made(company, receiver)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    happened(1)
    delivered()
    assert len(receiver.verified(secret)) == 1


def test_one_that_is_off_is_told_later_what_happened_meanwhile(
    company: Company, receiver: Receiver
) -> None:
    hook, secret = made(company, receiver)
    end_webhook(actor=company.admin, webhook=hook)
    happened(1)
    delivered()
    assert not receiver.got
    resume_webhook(actor=company.admin, webhook=hook)
    delivered()
    assert [event["data"]["run"] for event in receiver.verified(secret)] == [1]


def test_only_the_chosen_events(company: Company, receiver: Receiver) -> None:
    hook, secret = made(company, receiver, types=["kpi.reported"])
    happened(1)
    happened(2, "kpi.value", "kpi")
    delivered()
    assert [event["type"] for event in receiver.verified(secret)] == ["kpi.reported"]
    happened(3)
    delivered()
    with CaptureQueriesContext(connection) as queries:
        assert not hand_over(hook.pk)
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_a_channel_gets_a_sentence(company: Company, receiver: Receiver) -> None:
    made(company, receiver, style="chat")
    proposal = company.submitted("One")
    delivered()
    _, body = receiver.got[-1]
    assert f"A proposal was submitted: {proposal.reference} One http" in body
    assert body.endswith(f'/proposals/{proposal.pk}/"}}')
    assert body.startswith('{"text": ')


def test_a_title_that_is_a_draft_again_reaches_no_channel(
    company: Company, receiver: Receiver
) -> None:
    made(company, receiver, style="chat")
    proposal = company.submitted("Secret again")
    recall_proposal(actor=company.cx, proposal=proposal, expected_version=proposal.version)
    delivered()
    assert "Secret again" not in "".join(body for _, body in receiver.got)
    assert "A proposal was submitted http" in receiver.got[-1][1]


def test_a_test_is_tried_once_and_holds_nothing_back(company: Company, receiver: Receiver) -> None:
    hook, secret = made(company, receiver)
    receiver.answers = [500]
    send_test(actor=company.admin, webhook=hook)
    delivered()
    assert Message.objects.get(kind="webhook").status == "failed"
    happened(1)
    delivered()
    assert [event["type"] for event in receiver.verified(secret)] == ["test", "run.finished"]
    hook.refresh_from_db()
    assert hook.ended_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "http://tracker.example/"}, "url"),
        ({"url": "ftp://tracker.example/"}, "url"),
        ({"url": "https://me:secret@tracker.example/"}, "url"),
        ({"url": "https://10.0.0.8/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "https://tracker.example:99999/"}, "url"),
        ({"url": "https://tracker.example/" + "x" * 300}, "url"),
        ({"url": "nothing"}, "url"),
        ({"name": " "}, "name"),
        ({"types": ["proposal.guessed"]}, "types"),
        ({"style": "fax"}, "style"),
    ],
)
def test_what_cannot_be_told_is_refused_by_its_field(
    company: Company, values: dict[str, Any], field: str
) -> None:
    hook = Webhook(**{"name": "Tracker", "url": "https://tracker.example/"} | values)
    with pytest.raises(ValidationError) as refused:
        make_webhook(actor=company.admin, webhook=hook)
    assert set(refused.value.message_dict) == {field}
    assert not Webhook.objects.exists()


def test_names_are_taken_once_and_only_administrators_keep_them(company: Company) -> None:
    hook = Webhook(name="Tracker", url="https://tracker.example/")
    make_webhook(actor=company.admin, webhook=hook)
    with pytest.raises(ValidationError, match="of this name already"):
        make_webhook(actor=company.admin, webhook=Webhook(name=" Tracker ", url=hook.url))
    for act in (rotate_secret, send_test, end_webhook, resume_webhook):
        with pytest.raises(PermissionDenied):
            act(actor=company.leader, webhook=hook)
    with pytest.raises(PermissionDenied):
        make_webhook(actor=company.curator, webhook=Webhook(name="Other", url=hook.url))


def test_the_pages(company: Company, receiver: Receiver) -> None:
    client = signed_in(company.admin)
    wrong = client.post("/webhooks/", {"name": "T", "url": "ftp://x", "style": "events"})
    assert (wrong.status_code, 'value="ftp://x"' in wrong.content.decode()) == (422, True)
    form = {"name": "Tracker", "url": receiver.url, "style": "events", "types": ["run.finished"]}
    page = client.post("/webhooks/", form)
    secret = page.context["secret"]
    assert "Copy the secret now" in text(page)
    assert secret not in client.get("/webhooks/").content.decode()
    hook = Webhook.objects.get()
    path = f"/webhooks/{hook.pk}/"
    assert "Nothing yet." in text(client.get(path))
    receiver.answers = [500]
    client.post(path, {"do": "test"})
    delivered()
    assert "the receiver answered 500" in text(client.get(path))
    happened(7)
    delivered()
    assert "took it" in text(client.get(path))
    assert client.post(path, {"do": "rotate"}).context["secret"] != secret
    client.post(path, {"do": "off"})
    assert "Off since" in text(client.get(path))
    client.post(path, {"do": "on"})
    hook.refresh_from_db()
    assert hook.ended_at is None
    assert signed_in(company.leader).get(path).status_code == 403
