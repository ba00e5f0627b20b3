from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.urls import reverse

from projects.people.models import MailChoice, User
from projects.people.services import mail_reset_link


class InviteForm(forms.ModelForm[User]):
    email = forms.EmailField(
        label="E-mail address", help_text="The person signs in with it.", max_length=150
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "team", "is_leader")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True

    def _post_clean(self) -> None:
        """The service makes the person; the form only reads what was typed."""


class PreferencesForm(forms.Form):
    mail = forms.ChoiceField(
        label="Notifications by mail", choices=MailChoice, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = f"As the house: {settings.TIME_ZONE}"
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        listed = [(zone, zone.replace("_", " ")) for zone in zones if not zone.startswith("Etc/")]
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            required=False,
            choices=[("", house), *listed],
            help_text="Of the times on your pages, and of the morning in which your mail comes.",
        )


class AskForLinkForm(PasswordResetForm):
    """Finds the people behind an address as Django does; the mail goes through the outbox."""

    def send_mail(  # type: ignore[override] # only what a link is made of is taken
        self, _subject: str, _text: str, context: dict[str, Any], *_sender: Any, **_options: Any
    ) -> None:
        path = reverse("password-link", args=[context["uid"], context["token"]])
        mail_reset_link(person=context["user"], path=path)
