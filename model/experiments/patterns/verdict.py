"""From numbers to a verdict: what an expectation accepts, and what follows.

An expectation is a range of effects that it accepts, and the verdict one rule for all of them:

    reproduced     the whole 95% interval lies inside the range
    contradicted   the whole 95% interval lies outside it
    undecided      else

so that a neutral is an effect shown to be small, not one that failed to be significant. (Being inside
with the 95% interval is stricter than two one-sided tests at 5%, which ask it of the 90% interval.)
Replicates are added until the interval is narrow enough, whatever it says by then: a rule that looks at
the width only does not push the mean towards either verdict.
"""

from __future__ import annotations

from math import inf, isnan

from model.records.exact_numbers import exactly

REPRODUCED, CONTRADICTED, UNDECIDED = "reproduced", "contradicted", "undecided"
NOT_APPLICABLE = "not applicable"
VERDICTS = (REPRODUCED, CONTRADICTED, UNDECIDED, NOT_APPLICABLE)

Range = tuple[float, float]


def accepted(expectation: str, neutral: float, least: float) -> Range:
    """The effects that an expectation accepts."""
    return {
        "positive": (least, inf),
        "neutral_or_positive": (-neutral, inf),
        "neutral": (-neutral, neutral),
        "neutral_or_negative": (-inf, neutral),
        "negative": (-inf, -least),
    }[expectation]


def verdict(low: float, high: float, accepts: Range) -> str:
    """What an interval says of an expectation; an interval that is not known decides nothing."""
    if isnan(low) or isnan(high):
        return UNDECIDED
    if accepts[0] <= low and high <= accepts[1]:
        return REPRODUCED
    if high < accepts[0] or low > accepts[1]:
        return CONTRADICTED
    return UNDECIDED


def remark(expectation: str, accepts: Range, low: float, high: float, neutral: float) -> str:
    """A few words on an effect that is not, or not surely, what was expected."""
    said = verdict(low, high, accepts)
    if said == REPRODUCED:
        return ""
    if isnan(low):
        return "could not be measured"
    if said == UNDECIDED:
        bound = accepts[0] if low < accepts[0] else accepts[1]
        return f"interval includes {exactly(bound)}"
    wanted = {"positive": 1, "negative": -1}.get(expectation)
    sign = (low > 0) - (high < 0)
    if wanted is None:
        return "too low" if high < accepts[0] else "too high"
    if sign == wanted:
        return "right sign, too small to count"
    return "no effect to speak of" if -neutral <= low and high <= neutral else "wrong sign"
