"""Numbers as text that loses nothing."""

from __future__ import annotations


def exactly(value: float) -> str:
    """The shortest text that is read back as the same number; nothing for NaN."""
    return "" if value != value else repr(float(value)).removesuffix(".0")
