"""An expectation in a few signs."""

from math import inf

import pytest

from model.wording.expectations import expected
from model.wording.numbers import MINUS


@pytest.mark.parametrize(
    ("kind", "low", "high", "text"),
    [
        ("level", 1.0, 2.5, "1.00 to 2.50"),
        ("sign", 0.05, inf, "up, ≥0.05"),
        ("sign", -inf, -0.05, f"up, ≤{MINUS}0.05"),
        ("sign", -0.1, 0.1, "up, ±0.1"),
    ],
)
def test_expected(kind: str, low: float, high: float, text: str):
    row = {"kind": kind, "accepts_low": low, "accepts_high": high, "expectation": "up"}
    assert expected(row) == text
