"""Event 3: once a year owners look at what buyers ask and whom they took (F5)."""

from __future__ import annotations

from model.compiler import engine
from model.engine.chains import supplies
from model.theory.board import has_contract
from model.theory.pressure import in_reach, in_sight, pressed_by, slumps
from model.theory.selection import felt_standard


@engine
def feel_pressure(firms, ties, first, tie_of, chains, params):
    """Set the pressure on each firm, from the state of all firms and chains this year."""
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.active:
            firm.pressed = 0.0
            continue
        near, reachable = 0, 0
        for row in range(len(chains)):
            if (chains[row].communities >> firm.community) & 1:
                asked = felt_standard(firm, chains[row], params)
                near |= in_sight(firm, asked, supplies(firm, row), params)
                reachable |= in_reach(firm, asked, params)
        neighbour = 0
        if reachable and not has_contract(firm):
            for e in range(first[i], first[i + 1]):
                tie = ties[tie_of[e]]
                other = firms[tie.a + tie.b - i]
                neighbour |= other.active and has_contract(other)
        firm.pressed = pressed_by(near, slumps(firm, params), neighbour)
