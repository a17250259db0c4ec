"""C4. The eight components of collective efficiency, measured from the state of the world, 0-3.

External economies are labour, inputs, information and market access; joint action is backward,
forward, bilateral and multilateral. Each is three times a share of what there could be, so that 0 is
absent and 3 high, as GPR05 section 4 scores them; sums run 0-12 and the index is their mean (note 19).
"""

from __future__ import annotations

import numpy as np

from model.measures.measure import Measure, Tallies, ratio

_BASIC = 64  # practices of rungs 1 and 2 in process and product
_TOP = 3.0


def labour(rows: Tallies) -> np.ndarray:
    """Basic practices that at least a tenth of the local firms master: a hire can bring them."""
    return _TOP * rows["pool"] / _BASIC


def inputs(rows: Tallies) -> np.ndarray:
    """Inputs of the trade that can be had locally."""
    return _TOP * rows["local_inputs"]


def information(rows: Tallies) -> np.ndarray:
    """Basic practices of the trade of which the mean firm knows."""
    return _TOP * ratio(rows["informed"], rows["firms"])


def market_access(rows: Tallies) -> np.ndarray:
    """Chance that a firm meets at least one buyer from outside in a year."""
    return _TOP * rows["contact"]


def backward(rows: Tallies) -> np.ndarray:
    """Trust with local suppliers, as far as inputs are local."""
    return _TOP * rows["local_inputs"] * ratio(rows["backward"], rows["firms"])


def forward(rows: Tallies) -> np.ndarray:
    """Trust with traders and users."""
    return _TOP * ratio(rows["forward"], rows["firms"])


def bilateral(rows: Tallies) -> np.ndarray:
    """Meetings a firm keeps with peers, over those of a full circle of three in full trust."""
    return _TOP * np.minimum(1.0, ratio(rows["met"], rows["full_circle"] * rows["firms"]))


def multilateral(rows: Tallies) -> np.ndarray:
    """Firms that belong to an association or institution."""
    return _TOP * ratio(rows["members"], rows["firms"])


EXTERNAL = (labour, inputs, information, market_access)
JOINT = (backward, forward, bilateral, multilateral)


def external_economies(rows: Tallies) -> np.ndarray:
    """Sum of the four external economies, 0-12."""
    return np.sum([part(rows) for part in EXTERNAL], axis=0)


def joint_action(rows: Tallies) -> np.ndarray:
    """Sum of the four joint actions, 0-12."""
    return np.sum([part(rows) for part in JOINT], axis=0)


def index(rows: Tallies) -> np.ndarray:
    """Mean of external economies and joint action, 0-12."""
    return 0.5 * (external_economies(rows) + joint_action(rows))


SOURCE = "GPR05 section 4 and note 19, Table 2"
MEASURES = (
    *(
        Measure(f"ce_{part.__name__}", "score 0-3", f"3 x {str(part.__doc__).rstrip('.')}", SOURCE, part)
        for part in EXTERNAL + JOINT
    ),
    Measure("external_economies", "score 0-12", "sum of the four external economies", SOURCE,
            external_economies),
    Measure("joint_action", "score 0-12", "sum of the four joint actions", SOURCE, joint_action),
    Measure("collective_efficiency", "score 0-12", "mean of the two sums", SOURCE, index),
)  # fmt: skip
