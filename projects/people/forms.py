from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings

from projects.formats import LANGUAGES, example
from projects.people.models import MailChoice, User


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

    def __init__(self, *args: Any, proposed: str, **kwargs: Any) -> None:
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
        forms_of = [(tag, f"{name}: {example(tag)}") for tag, name in LANGUAGES.items()]
        self.fields["formats"] = forms.ChoiceField(
            label="Numbers and dates",
            required=False,
            choices=[("", f"As your browser proposes: {example(proposed)}"), *forms_of],
            help_text="How they are written on your pages. Files and the API have one form.",
        )


class SignInForm(LoginForm):
    """User name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = "User name or e-mail address"
        name.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """What browsers and programs have sent so far."""
        return "username" if field_name == "login" else field_name


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields.get("passwordless")  # not where passwords, and with them this, are off
        if alone is not None:
            alone.initial = True
            alone.label = "Also sign in with it alone, without a password"
            alone.help_text = ""
