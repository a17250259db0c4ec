"""Who comes first where places are few: by a draw, never by the row in a table."""

from __future__ import annotations

import numpy as np

from model.compiler import engine, makes_arrays
from model.draws import key
from model.world.found import firm_key


@engine
def _rank(firm, purpose, partner, tick_key):
    """A rank: the low half of the draw first, since the high half has chosen who queues at all."""
    draw = key(key(firm_key(tick_key, firm.community, firm.place), purpose), partner)
    turned = (draw << np.uint64(32)) | (draw >> np.uint64(32))
    return np.int64(turned >> np.uint64(1))


@makes_arrays
def let_in(rows, places, firms, purpose, partner, tick_key, draws):
    """Move to the front of ``rows`` the firms with the ``places`` smallest ranks.

    The rank comes from the draw of each firm for a purpose and a partner; 0 < places <= len(rows).
    ``draws``: int64 scratch, at least as long as ``rows``.
    """
    ranked = draws[: len(rows)]
    for n in range(len(rows)):
        ranked[n] = _rank(firms[rows[n]], purpose, partner, tick_key)
    ranked.sort()
    last = ranked[places - 1]
    front = 0
    for n in range(len(rows)):
        if _rank(firms[rows[n]], purpose, partner, tick_key) <= last:
            rows[front], rows[n] = rows[n], rows[front]
            front += 1
