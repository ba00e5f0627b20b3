"""The framework, and what the panel says of its drafts."""

from scoring.framework.models.criteria import (
    TOP,
    Criterion,
    Dimension,
    DimensionWeight,
    Level,
    WeightProfile,
    check_knots,
)
from scoring.framework.models.frameworks import (
    WIDEST_WEIGHTS,
    Framework,
    FrameworkVersion,
    Gate,
    both_functions,
)
from scoring.framework.models.voices import Ballot, DraftComment, WeightOpinion

__all__ = [
    "TOP",
    "WIDEST_WEIGHTS",
    "Ballot",
    "Criterion",
    "Dimension",
    "DimensionWeight",
    "DraftComment",
    "Framework",
    "FrameworkVersion",
    "Gate",
    "Level",
    "WeightOpinion",
    "WeightProfile",
    "both_functions",
    "check_knots",
]
