"""What a row of a pattern file expects, in a few signs."""

from __future__ import annotations

from math import isinf
from typing import Any

from model.wording.numbers import MINUS, fixed


def expected(row: dict[str, Any]) -> str:
    """What a row expects, in a few signs."""
    low, high = row["accepts_low"], row["accepts_high"]
    if row["kind"] in ("level", "change"):
        return f"{fixed(low, 2)} to {fixed(high, 2)}"
    bound = f"≥{low:g}" if isinf(high) else f"≤{high:g}" if isinf(low) else f"±{high:g}"
    return f"{row['expectation']}, {bound.replace('-', MINUS)}"
