"""Event 5: the standard moves, and what it overtakes is lost to firms and institutions (K6a)."""

from __future__ import annotations

from model.compiler import engine
from model.draws import DIFFUSION, RENEWAL, SECTOR, key
from model.engine.ledger import book
from model.theory.interaction import ENGINEERING, OVERTAKEN
from model.theory.practices import DIMENSIONS
from model.theory.renewal import LAGGING, caught_up, overtaken
from model.world.tables import NOBODY


@engine
def renew(tables, gone, quarter, params, ledger):
    """Practices are overtaken, trade by trade; sources that lag behind catch up.

    ``tables``: RunTables; ``gone``: (n_sectors, 4) int64 scratch, masks of practices; ``quarter``: Quarter;
    ``params``: record of parameters; ``ledger``: LedgerRoom.
    """
    firms, communities, sectors = tables.new, tables.communities, tables.sectors
    for s in range(len(sectors)):
        sector = sectors[s]
        sector_key = key(key(quarter.key, SECTOR), s)
        for d in range(len(DIMENSIONS)):
            gone[s, d] = overtaken(d, sector, key(key(sector_key, RENEWAL), d), params)
            for source in LAGGING:
                at = source - ENGINEERING
                draw = key(key(key(sector_key, DIFFUSION), d), source)
                holds = caught_up(sector.holds[d, at], sector.own[d, at], draw, params)
                sector.holds[d, at] = holds & ~gone[s, d]
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.active:
            continue
        for d in range(len(DIMENSIONS)):
            out = gone[communities[firm.community].sector, d]
            if out:
                lost = firm.mastered[d] & out
                firm.mastered[d] &= ~out
                firm.aware[d] &= ~out
                book(ledger, quarter, i, firm, d, lost, OVERTAKEN, NOBODY)
    for row in range(len(tables.institutions)):
        institution = tables.institutions[row]
        trade = communities[institution.home].sector
        for d in range(len(DIMENSIONS)):
            institution.repository[d] &= ~gone[trade, d]
