"""Event 3: once a year owners look at what buyers ask and whom they took (F5)."""

from __future__ import annotations

from model.compiler import engine
from model.engine.ahead import MANY, ask_for_neighbours
from model.engine.chains import supplies
from model.theory.board import has_contract
from model.theory.pressure import in_reach, in_sight, pressed_by, slumps
from model.theory.selection import felt_standard
from model.world.tables import NOBODY


@engine
def _shows_the_way(firm, other, chains, params):
    """Whether another firm supplies a chain that buys where ``firm`` is and that it could reach."""
    for c in range(len(other.contract)):
        if other.contract[c] != NOBODY:
            chain = chains[other.contract[c]]
            if chain.communities[firm.community] and in_reach(
                firm, felt_standard(firm, chain, params), params
            ):
                return True
    return False


@engine
def feel_pressure(tables, by_firm, params):
    """Set the pressure on each firm, from the state of all firms and chains this year.

    ``tables``: RunTables; ``by_firm``: TiesByFirm; ``params``: record of parameters.
    """
    firms, ties, chains = tables.new, tables.ties, tables.chains
    many = len(firms) > MANY
    for i in range(len(firms)):
        if many:
            ask_for_neighbours(i, firms, ties, by_firm)
        firm = firms[i]
        if not firm.active:
            firm.pressed = 0.0
            continue
        near = 0
        for row in range(len(chains)):
            if chains[row].communities[firm.community]:
                asked = felt_standard(firm, chains[row], params)
                near |= in_sight(firm, asked, supplies(firm, row), params)
        neighbour = 0
        if not has_contract(firm):
            for at in range(by_firm.first[i], by_firm.first[i + 1]):
                tie = ties[by_firm.rows[at]]
                neighbour |= _shows_the_way(firm, firms[tie.a + tie.b - i], chains, params)
        firm.pressed = pressed_by(near, slumps(firm, params), neighbour)
