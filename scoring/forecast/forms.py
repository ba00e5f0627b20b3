from typing import Any

from django import forms

from projects.amounts import CountField
from scoring.forecast.lifts import Arm

MOST = 1_000_000


def _people(label: str, least: int) -> CountField:
    return CountField(
        label=label,
        min_value=least,
        max_value=MOST,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )


class TwoGroupsForm(forms.Form):
    """Two groups that chance put people into: those who got something, and those who did not."""

    treated = _people("People who got it", 2)
    treated_did = _people("How many of them did it", 0)
    control = _people("People who did not get it", 2)
    control_did = _people("How many of these did it", 0)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for people in ("treated", "control"):
            there, did = said.get(people), said.get(f"{people}_did")
            if there is not None and did is not None and did > there:
                self.add_error(f"{people}_did", "At most as many as there are in the group.")
        return said

    def arms(self) -> tuple[Arm, Arm]:
        """Needs ``is_valid``."""
        said = self.cleaned_data
        return (
            Arm(said["treated"], said["treated_did"]),
            Arm(said["control"], said["control_did"]),
        )
