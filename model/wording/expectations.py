"""What a row of a pattern file expects, in a few signs."""

from __future__ import annotations

from math import isinf
from typing import Any

from model.language import noted, say_name
from model.wording.numbers import as_asked, between

SIGNS = (
    noted("positive"), noted("neutral or positive"), noted("neutral"), noted("neutral or negative"),
    noted("negative"),
)  # fmt: skip
"""What may be expected of an effect, as tables have it; a test holds it to the patterns'."""


def expected(row: dict[str, Any]) -> str:
    """What a row expects, in a few signs."""
    low, high = row["accepts_low"], row["accepts_high"]
    if row["kind"] in ("level", "change"):
        return between(low, high, 2)
    least, most = as_asked(float(low)), as_asked(float(high))
    bound = f"≥{least}" if isinf(high) else f"≤{most}" if isinf(low) else f"±{most}"
    return f"{say_name(row['expectation'])}, {bound}"
