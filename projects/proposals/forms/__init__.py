"""A proposal as forms."""

from projects.proposals.forms.around import CommentForm, LinkForm
from projects.proposals.forms.rows import (
    CommitmentForm,
    CommitmentFormSet,
    CustomerEffectForm,
    EffectFormSet,
    MoneyFormSet,
    MoneyLineForm,
    commitments_initial,
    effects_initial,
    figures_for,
    money_initial,
    rows_of,
)
from projects.proposals.forms.steps import (
    BasicsForm,
    ChangeForm,
    HorizonForm,
    ProblemForm,
    SuccessForm,
)

__all__ = [
    "BasicsForm",
    "ChangeForm",
    "CommentForm",
    "CommitmentForm",
    "CommitmentFormSet",
    "CustomerEffectForm",
    "EffectFormSet",
    "HorizonForm",
    "LinkForm",
    "MoneyFormSet",
    "MoneyLineForm",
    "ProblemForm",
    "SuccessForm",
    "commitments_initial",
    "effects_initial",
    "figures_for",
    "money_initial",
    "rows_of",
]
