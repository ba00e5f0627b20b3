"""The quick ranking agrees with the exact one."""

import numpy as np
import pytest

from scoring.analysis.preview import Preview
from scoring.analysis.value import additive_value


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_preview_follows_the_additive_value(missing):
    rng = np.random.default_rng(0)
    values = rng.uniform(0, 100, (200, 5))
    values[rng.random(values.shape) < missing] = np.nan
    weights = np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    exact = additive_value(values, weights).value.filled(0)
    quick = Preview(values)
    assert quick.values(weights) == pytest.approx(exact, abs=1e-4)
    assert (np.diff(exact[quick.order(weights)]) <= 1e-4).all()


def test_preview_checks_its_weights():
    with pytest.raises(ValueError, match=r"^weights:"):
        Preview([[1.0, 2.0]]).values([0.5, 0.4])
    with pytest.raises(ValueError, match=r"^weights:"):
        Preview([[1.0, 2.0]]).values([1.0])
    assert Preview(np.empty((0, 1))).order([1.0]).tolist() == []
