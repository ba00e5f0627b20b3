"""The framework, and what the panel says of its drafts."""

from scoring.framework.models.frameworks import (
    TOP,
    WIDEST_WEIGHTS,
    Criterion,
    Dimension,
    DimensionWeight,
    Framework,
    FrameworkVersion,
    Level,
    WeightProfile,
    both_functions,
    check_knots,
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
    "Level",
    "WeightOpinion",
    "WeightProfile",
    "both_functions",
    "check_knots",
]
