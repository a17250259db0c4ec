"""A lesson, whoever gives it: a firm is shown a practice, perhaps masters it, and that is booked (K2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compiler import engine
from model.engine.ledger import book
from model.theory.external_economies import local_price
from model.theory.interaction import take_up
from model.theory.joint_action import price_for


class AttendingFirm(NamedTuple):
    """A firm that attends to one kind of upgrading: records and numbers only, so that it costs nothing."""

    row: int
    me: np.record  # FIRM, as it was
    firm: np.record  # FIRM, as it becomes
    community: np.record  # COMMUNITY
    sector: np.record  # SECTOR
    d: int  # of DIMENSIONS
    reach: int  # mask: practices within reach (K3)
    capacity: float  # absorptive capacity, 0-1


@engine
def cost_of_lesson(me, channel, sector, community, params):
    """What a firm pays where it is for a lesson of a channel, units of account (C1, C2)."""
    return price_for(me, local_price(channel, sector, community, params), community)


@engine
def have_lesson(pupil, channel, source, carry, practice, draw, quarter, params, ledger):
    """What the firm masters of ``practice`` that it did not master before (a mask), booked.

    ``carry``: what of tacit how gets across, 0-1; ``source``: row of who shows it, or NOBODY.
    """
    me, d = pupil.me, pupil.d
    gained = take_up(
        pupil.firm, me, channel, carry, d, practice, pupil.reach, pupil.capacity,
        pupil.sector, draw, params,
    )  # fmt: skip
    if gained:
        book(ledger, quarter, pupil.row, me, d, gained, channel, source)
    return gained
