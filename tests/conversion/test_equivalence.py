"""The analogue network must answer the same after every step of its conversion."""

import numpy as np
import pytest

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.equivalence import check_stage


def test_stages_agree_up_to_rounding_only():
    before = np.array([[1.0, 0.5, 0.0], [0.0, 2.0, 2.0]])
    check_stage("after x", before, before * 3 + np.array([[0, 0, 0], [0, -1e-5, 0]]))
    for after in (before[:, ::-1], np.full_like(before, np.nan)):
        with pytest.raises(
            ConversionError, match=r"after x: the analogue network answers [12] of 2 images differently"
        ):
            check_stage("after x", before, after)
