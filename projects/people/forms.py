from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from projects.formats import LANGUAGES, example, zone_choices
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


class FirstForm(forms.Form):
    """Who moves in first."""

    email = forms.EmailField(
        label="Your e-mail address", help_text="You sign in with it.", max_length=150
    )
    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Twelve characters or more.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {name: cleaned.get(name, "") for name in ("email", "first_name", "last_name")}
        try:
            validate_password(cleaned.get("password", ""), User(**names))
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned


class PreferencesForm(forms.Form):
    mail = forms.ChoiceField(
        label="Notifications by mail", choices=MailChoice, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, proposed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            required=False,
            choices=zone_choices(),
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
