"""What a firm lacks of a buyer's standard: the fewest practices that would bring it over, in an order.

Whether it is over the standard is asked of the theory's own rule (G1), practice by practice, so that
nothing of the standard is said twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.interventions import write_firm
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES, PROCESS, PRODUCT
from model.theory.selection import is_eligible, missed

ASKED = (PROCESS, PRODUCT)  # kinds of upgrading of which a standard is made


@dataclass(frozen=True)
class LackingPractice:
    """A practice that a firm does not master: row of its kind of upgrading, and bit of its mask."""

    kind: int
    bit: int

    @property
    def rung(self) -> int:
        """1 to 3."""
        return self.bit // PER_RUNG + 1

    @property
    def number(self) -> int:
        """Its number on the rung, from 1."""
        return self.bit % PER_RUNG + 1


def shortfall(me: np.record, chain: np.record, params: np.record) -> tuple[LackingPractice, ...]:
    """The practices that would bring the firm over the standard, one after another; none if it is over it.

    Those of the buyer's own standard come first, lower rungs before higher ones. Where a share of a kind
    is asked, what lowers that shortfall comes before all else. So no shorter list would do.
    """
    pupil = me.copy()
    left = _lacking(me, chain)
    found: list[LackingPractice] = []
    while left and not is_eligible(pupil, chain, params):
        practice = left[0]
        if missed(pupil, chain, params) > 0.0:
            practice = min(left, key=lambda one: _missed_with(pupil, one, chain, params))
        left.remove(practice)
        teach(pupil, practice)
        found.append(practice)
    return tuple(found)


def _lacking(me: np.record, chain: np.record) -> list[LackingPractice]:
    """All that the firm does not master: what the buyer's own standard holds, lower rungs, come first."""
    lacking = sorted(
        (not int(chain.holds[kind]) >> bit & 1, bit // PER_RUNG, kind, bit)
        for kind in ASKED
        for bit in range(PRACTICES)
        if not int(me.mastered[kind]) >> bit & 1
    )
    return [LackingPractice(kind, bit) for _, _, kind, bit in lacking]


def teach(firm: np.record, practice: LackingPractice) -> None:
    """The firm masters a practice, and knows of it."""
    named = (DIMENSIONS[practice.kind], practice.rung, practice.number)
    write_firm(firm, {"masters": [named]})


def _missed_with(
    pupil: np.record, practice: LackingPractice, chain: np.record, params: np.record
) -> float:
    taught = pupil.copy()
    teach(taught, practice)
    return float(missed(taught, chain, params))
