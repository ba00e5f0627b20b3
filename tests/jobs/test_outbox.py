"""Messages are rows of their cause, delivered once by a worker to a real mail server."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from jobs.models import Message
from jobs.services import outbox
from jobs.services.bell import dispatch
from jobs.services.leases import claim
from jobs.services.mail import deliver as hand_over
from tests.mailbox import NEVER, NOT_NOW, TAKEN_BUT_DENIED, Answer, Mailbox, mail_server, text_of

Status = Message.Status


@pytest.fixture
def mailbox(free_port: int, settings: Any) -> Iterator[Mailbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port, False
    settings.DEFAULT_FROM_EMAIL = "Prioritizer <prioritizer@house.example>"
    box = Mailbox()
    with mail_server(box, free_port):
        yield box


def post(key: str = "cause:1", *, secret: bool = False, text: str = "It is <decided>.") -> Message:
    outbox.post(
        [
            outbox.mail_to(
                "ada@house.example",
                key=key,
                subject="It is\ndecided",
                template="projects/notices/mail.txt",
                secret=secret,
                name="Ada",
                text=text,
                address="https://house.example/proposals/7/",
                preferences="https://house.example/preferences/",
            )
        ]
    )
    return Message.objects.get(key=key)


def due_again(message: Message) -> None:
    """As if the pause, or the lease of a lost worker, were over."""
    Message.objects.filter(pk=message.pk).update(lease_until=Now() - timedelta(seconds=1))


def deliver(message: Message) -> bool:
    done = outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    return done


@pytest.mark.django_db
def test_a_mail_goes_out_once_with_text_and_html(mailbox: Mailbox) -> None:
    message = post()
    assert deliver(message) is True
    assert outbox.deliver(message_id=message.pk) is False
    (mail,) = mailbox.mails
    assert (message.status, message.attempt, message.error) == (Status.DONE, 1, "")
    assert mail["To"] == "ada@house.example"
    assert mail["From"] == "Prioritizer <prioritizer@house.example>"
    assert mail["Subject"] == "It is decided"  # one line, whatever a title has in it
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith(f".{message.pk}@house.example>")
    text, html = text_of(mail), text_of(mail, "html")
    assert text.startswith("Hello Ada,\n\nIt is <decided>.\n\nhttps://house.example/proposals/7/\n")
    assert "It is &lt;decided&gt;." in html
    assert '<a href="https://house.example/proposals/7/"' in html


@pytest.mark.django_db
def test_one_cause_makes_one_message(mailbox: Mailbox) -> None:
    post()
    post(text="Something else.")
    assert "<decided>" in Message.objects.get().payload["text"]


@pytest.mark.django_db
def test_a_message_of_a_cause_that_did_not_happen_is_not_there() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "words"),
    [(NOT_NOW, "try again later"), (Answer(keeps=False, seconds=2.0), "timed out")],
    ids=["fails", "hangs"],
)
def test_a_server_that_cannot_now_is_asked_again_later(
    mailbox: Mailbox, settings: Any, answer: Answer, words: str
) -> None:
    settings.EMAIL_TIMEOUT = 1
    mailbox.answers = [answer]
    message = post()
    assert deliver(message) is False
    assert (message.status, message.attempt, message.owner_token) == (Status.RUNNING, 1, "")
    assert words in message.error
    assert deliver(message) is False, "the pause is not over"
    assert mailbox.mails == []
    due_again(message)
    assert deliver(message) is True
    assert (len(mailbox.mails), message.attempt, message.error) == (1, 2, "")


@pytest.mark.django_db
def test_a_server_that_takes_a_mail_and_denies_it_gets_the_same_mail_again(
    mailbox: Mailbox,
) -> None:
    mailbox.answers = [TAKEN_BUT_DENIED]
    message = post()
    assert deliver(message) is False
    due_again(message)
    assert deliver(message) is True
    first, second = mailbox.ids
    assert first == second
    assert text_of(mailbox.mails[0]) == text_of(mailbox.mails[1])
    assert mailbox.mails[0]["Date"] == mailbox.mails[1]["Date"]


@pytest.mark.django_db
def test_what_a_server_refuses_for_good_is_not_tried_again(mailbox: Mailbox) -> None:
    mailbox.answers = [NEVER]
    message = post()
    assert deliver(message) is False
    assert (message.status, message.attempt) == (Status.FAILED, 1)
    assert message.error == (
        "The message could not be delivered. "
        "(the mail server answered 554 this is not welcome here)"
    )
    mailbox.unknown = {"ada@house.example"}
    other = post("cause:2")
    assert deliver(other) is False
    assert other.status == Status.FAILED
    assert "550 nobody here of that name" in other.error


@pytest.mark.django_db
def test_all_tries_take_three_days_and_end_in_words(mailbox: Mailbox, settings: Any) -> None:
    mailbox.answers = [NOT_NOW] * Message.tries
    message, waited = post(), timedelta()
    for attempt in range(1, Message.tries + 1):
        assert deliver(message) is False
        assert message.attempt == attempt
        waited += Message.pause_after(attempt) if attempt < Message.tries else timedelta()
        due_again(message)
    assert message.status == Status.FAILED
    assert message.error.startswith("The message could not be delivered.")
    assert Message.pause_after(1) == timedelta(seconds=30)
    assert timedelta(days=3) < waited < timedelta(days=3, hours=8)
    assert dispatch() == 0


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_sends_nothing(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post()

    def stolen(kind: type[Message], pk: int) -> Any:
        mine = claim(kind, pk)
        Message.objects.filter(pk=pk).update(owner_token="another")
        return mine

    monkeypatch.setattr(outbox, "claim", stolen)
    assert deliver(message) is False
    assert mailbox.mails == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [NEVER, NOT_NOW])
def test_a_failure_after_the_lease_was_lost_changes_nothing(
    mailbox: Mailbox, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.answers, message = [answer], post()

    def while_another_takes_over(mail: Message) -> None:
        Message.objects.filter(pk=message.pk).update(owner_token="another")
        hand_over(mail)

    monkeypatch.setitem(outbox.DELIVER, Message.Kind.MAIL, while_another_takes_over)
    assert deliver(message) is False
    assert (message.status, message.owner_token, message.error) == (Status.RUNNING, "another", "")


@pytest.mark.django_db
def test_a_secret_is_forgotten_once_it_is_delivered(mailbox: Mailbox) -> None:
    message = post(secret=True)
    mailbox.answers = [NOT_NOW]
    assert deliver(message) is False
    assert message.payload["text"]
    due_again(message)
    assert deliver(message) is True
    assert message.payload == {}
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_a_failed_message_can_be_sent_again_and_no_other(mailbox: Mailbox) -> None:
    mailbox.answers = [NEVER]
    message = post()
    assert outbox.resend(message) is False
    deliver(message)
    assert outbox.resend(message) is True
    assert deliver(message) is True
    assert outbox.resend(message) is False
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_a_delivered_message_is_kept_as_it_was(mailbox: Mailbox) -> None:
    message = post()
    deliver(message)
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.update(subject="Something else")


@pytest.mark.django_db
def test_the_queue_is_told_once_the_cause_stands(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = list[int]()

    def ring(_kind: type[Message], pk: int) -> bool:
        rung.append(pk)
        return True

    monkeypatch.setattr(outbox, "ring", ring)
    with django_capture_on_commit_callbacks(execute=True):
        message = post()
        assert rung == []
    assert rung == [message.pk]


@pytest.mark.django_db
def test_a_queue_that_does_not_answer_is_asked_once(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    def nobody_hears(_kind: type[Message], pk: int) -> bool:
        asked.append(pk)
        return False

    monkeypatch.setattr(outbox, "ring", nobody_hears)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.post([post_of(number) for number in range(3)])
    assert len(asked) == 1
    assert Message.objects.count() == 3


def post_of(number: int) -> Message:
    return Message(kind=Message.Kind.MAIL, key=f"k:{number}", recipient="a@b.example", subject="s")
