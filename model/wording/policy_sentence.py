"""What the main job says of two designs under all that is not known of the numbers."""

from __future__ import annotations

from collections.abc import Mapping

from model.language import say
from model.wording.numbers import fixed


def policy_sentence(found: Mapping[str, float]) -> str:
    """The difference of the bridge to the association in breadth of process upgrading.

    ``found``: effect, low, high, positive (shares), draws, cost (times what the other spends).
    """
    sign = 1.0 if found["effect"] >= 0 else -1.0
    places = 1 if 0.99 < found["positive"] < 1 else 0  # what is not sure is not rounded to it
    low, high = sorted((sign * found["low"], sign * found["high"]))
    parts = {
        "amount": fixed(100 * abs(found["effect"]), 1),
        "low": fixed(100 * low, 1),
        "high": fixed(100 * high, 1),
        "cost": fixed(found["cost"], 2),
        "share": fixed(100 * found["positive"], places),
        "draws": fixed(found["draws"], 0),
    }
    if sign > 0:
        return say(
            "Inclusive, jointly governed bridging raised breadth of process upgrading (firms on rung 2 or "
            "above) by {amount} percentage points (95% interval {low} to {high}) over the fee-based "
            "association at equal public cost ({cost} times what that spends), and was ahead in {share}% of "
            "{draws} posterior draws.",
            **parts,
        )
    return say(
        "Inclusive, jointly governed bridging lowered breadth of process upgrading (firms on rung 2 or "
        "above) by {amount} percentage points (95% interval {low} to {high}) below the fee-based "
        "association at equal public cost ({cost} times what that spends), and was ahead in {share}% of "
        "{draws} posterior draws.",
        **parts,
    )
