"""What stands around the text of a proposal: ties and comments."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from projects.people.selectors import everybody_active
from projects.proposals.forms.steps import PersonField
from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.services.links import NOT_THERE


class LinkForm(forms.Form):
    """What ties a proposal to another one, which is named by its number."""

    kind = forms.ChoiceField(
        choices=Link.Kind,
        label="How they belong together",
        help_text="What becomes part of another is withdrawn once all owners have agreed; "
        "both histories stay.",
    )
    other = forms.CharField(
        label="Which proposal", max_length=160, help_text="Its number, such as P-12."
    )
    because = forms.CharField(
        label="Why", max_length=200, help_text="Both teams and the leaders read it."
    )

    def __init__(self, *args: Any, readable: QuerySet[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readable = readable

    def clean_other(self) -> Proposal:
        reference = self.cleaned_data["other"].strip()
        found = self.readable.filter(reference__iexact=reference).first()
        if found is None:
            raise ValidationError(NOT_THERE)
        return found


class AuthorForm(forms.Form):
    """Who writes along."""

    person = PersonField(
        queryset=everybody_active(),
        label="Person",
        empty_label="Choose a person",
        help_text="Anybody with an account, of any team.",
    )


class CommentForm(forms.ModelForm[Comment]):
    class Meta:
        model = Comment
        fields = ["part", "text", "to", "due"]

    def __init__(self, data: Any = None, *, proposal: Proposal, initial: Any = None) -> None:
        super().__init__(data, instance=Comment(proposal=proposal), initial=initial)
        part: forms.ChoiceField = self.fields["part"]  # type: ignore[assignment]
        part.choices = Comment.Part.choices
        self.fields["text"].widget = forms.Textarea({"rows": 3, "maxlength": 2000})
        self.fields["due"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        to: forms.ModelChoiceField = self.fields["to"]  # type: ignore[type-arg,assignment]
        to.queryset = everybody_active()
        to.empty_label = "Nobody in particular"
