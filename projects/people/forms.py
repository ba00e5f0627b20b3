from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.urls import reverse

from projects.people.services import mail_reset_link


class AskForLinkForm(PasswordResetForm):
    """Finds the people behind an address as Django does; the mail goes through the outbox."""

    def send_mail(  # type: ignore[override] # only what a link is made of is taken
        self, _subject: str, _text: str, context: dict[str, Any], *_sender: Any, **_options: Any
    ) -> None:
        path = reverse("password-link", args=[context["uid"], context["token"]])
        mail_reset_link(person=context["user"], path=path)
