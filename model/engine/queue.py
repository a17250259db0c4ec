"""Who comes first where places are few: by a draw, never by the row in a table."""

from __future__ import annotations

import numpy as np

from model.compiler import engine
from model.draws import key
from model.world.found import firm_key


@engine
def _rank(firm, purpose, partner, tick_key):
    """A rank: the low half of the draw first, since the high half has chosen who queues at all."""
    draw = key(key(firm_key(tick_key, firm.community, firm.place), purpose), partner)
    turned = (draw << np.uint64(32)) | (draw >> np.uint64(32))
    return np.int64(turned >> np.uint64(1))


@engine
def smallest(values, k):
    """The ``k``-th smallest of ``values``, (n,) int64, counted from 0; it moves them.

    What a sort would do in more time, here and in the compiler: only the part that holds it is gone through.
    """
    low, high = 0, len(values) - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return values[k]


@engine
def let_in(rows, places, firms, purpose, partner, tick_key, draws):
    """Move to the front of ``rows`` the firms with the ``places`` smallest ranks.

    The rank comes from the draw of each firm for a purpose and a partner; 0 < places <= len(rows).
    ``draws``: int64 scratch, at least as long as ``rows``.
    """
    ranked = draws[: len(rows)]
    for n in range(len(rows)):
        ranked[n] = _rank(firms[rows[n]], purpose, partner, tick_key)
    last = smallest(ranked, places - 1)
    front = 0
    for n in range(len(rows)):
        if _rank(firms[rows[n]], purpose, partner, tick_key) <= last:
            rows[front], rows[n] = rows[n], rows[front]
            front += 1
