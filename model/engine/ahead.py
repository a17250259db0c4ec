"""Memory asked ahead: rows that a loop is going to look at, far from those that it looks at now.

No result changes. A firm's neighbours and the members whom an institution serves stand anywhere among the
firms of a run; where those are more than a processor has at hand, it waits for each, unless somebody has
asked before.
"""

from __future__ import annotations

from model.compiler import ask_for, piece

MANY = 10_000  # firms of a run whose rows and ties are more than a processor has at hand
_AHEAD = 4  # firms: in what they take memory answers, and the answer is still there
_SEEN = 40  # bytes into a firm's row: the last of those that neighbours look at
_LINE = 64  # bytes that memory gives at once


@piece
def ask_for_neighbours(i, firms, ties, by_firm):
    """While it is firm ``i``'s turn, ask for ties of a later one, and for neighbours of one between them.

    The ties of that one have come meanwhile. ``firms``: (n_firms,) FIRM; ``ties``: (n_ties,) TIE.
    """
    between, later = i + _AHEAD, i + 2 * _AHEAD
    if later < len(firms):
        for at in range(by_firm.first[later], by_firm.first[later + 1]):
            ask_for(ties, by_firm.rows[at], 0)
    if between < len(firms):
        for at in range(by_firm.first[between], by_firm.first[between + 1]):
            tie = ties[by_firm.rows[at]]
            neighbour = tie.a + tie.b - between
            ask_for(firms, neighbour, 0)
            ask_for(firms, neighbour, _SEEN)


@piece
def ask_for_firm(i, firms):
    """Ask for all of firm ``i``. ``firms``: (n_firms,) FIRM."""
    for line in range(4):
        ask_for(firms, i, line * _LINE)
