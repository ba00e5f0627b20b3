"""A proposal as forms."""

from projects.proposals.forms.around import AuthorForm, CommentForm, LinkForm
from projects.proposals.forms.rows import (
    CommitmentForm,
    CommitmentFormSet,
    CustomerEffectForm,
    EffectFormSet,
    EffortForm,
    EffortFormSet,
    MoneyFormSet,
    MoneyLineForm,
    commitments_initial,
    effects_initial,
    efforts_initial,
    figures_for,
    money_initial,
    rows_of,
)
from projects.proposals.forms.steps import (
    BasicsForm,
    ChangeForm,
    HorizonForm,
    ProblemForm,
    RowsForm,
)

__all__ = [
    "AuthorForm",
    "BasicsForm",
    "ChangeForm",
    "CommentForm",
    "CommitmentForm",
    "CommitmentFormSet",
    "CustomerEffectForm",
    "EffectFormSet",
    "EffortForm",
    "EffortFormSet",
    "HorizonForm",
    "LinkForm",
    "MoneyFormSet",
    "MoneyLineForm",
    "ProblemForm",
    "RowsForm",
    "commitments_initial",
    "effects_initial",
    "efforts_initial",
    "figures_for",
    "money_initial",
    "rows_of",
]
