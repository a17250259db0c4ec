"""Policy instruments of the plain Mesa model, one class a kind.

Written like ``bench.plain_learning``, from the docstrings alone.
"""

from __future__ import annotations

from operator import and_, itemgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import capability, chance, key, rank
from bench.plain_firms import SME
from bench.plain_institutions import Lots
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_mesa import Country, Place


class Instrument(mesa.Agent):
    """A programme with a budget for certain communities. ``row``: its number."""

    def __init__(self, model: Country, row: int, **columns) -> None:
        super().__init__(model)
        self.row = row
        for name, value in columns.items():
            setattr(self, name, value)
        self.took_part: set[SME] = set()  # those that closed since among them

    def act(self) -> None:
        """Event 2: spend the budget of the quarter while the programme lasts."""
        self.spent = 0.0
        if self.first <= self.model.quarter <= self.last:
            self.spend()

    def spend(self) -> None:
        """What the money is for."""
        raise NotImplementedError

    def lot(self, purpose: int) -> int:
        """The key of its draws this quarter."""
        return key(key(key(self.model.quarter_key, to.INSTRUMENT), self.row), purpose)

    def applies_to(self, community: SimpleNamespace) -> bool:
        """Whether it is meant for firms of this community."""
        return self.communities[community.row]

    def firms(self) -> list[SME]:
        """The firms in business for which it is meant."""
        return [sme for sme in self.model.smes if self.applies_to(sme.community)]


class Grants(Instrument):
    """P1: matching grants pay projects of the ablest of those who can match and have a use for one."""

    def spend(self) -> None:
        p = self.model.parameters.grants
        if p.grant == 0:
            return
        applicants = [sme for sme in self.firms() if self.applies(sme)]
        affordable = self.budget / p.grant + chance(self.lot(to.GRANT))
        grants, free = int(min(len(applicants), affordable)), self.quota - len(self.took_part)
        if free < grants:  # all while there is room, then those who had one before
            if free <= 0:
                applicants = [sme for sme in applicants if sme in self.took_part]
            grants = min(grants, free if free > 0 else len(applicants))
        winners = sorted((*self.turn(sme), sme) for sme in applicants)[:grants]
        for *_, winner in winners:
            winner.project = winner.best_project()
            self.took_part.add(winner)
        self.spent = len(winners) * p.grant

    def applies(self, sme: SME) -> bool:
        """P1: whether a firm has no project yet and wants one; I3: some programmes draw the willing."""
        willing = sme.high_road or self.chooses != "self_selected"
        return willing and sme.project is None and sme.wants_project()

    def turn(self, sme: SME) -> tuple[float, int]:
        """I3: the ablest first where they are chosen, else by lot."""
        ablest = -capability(sme.mastered) if self.chooses == "chosen" else 0.0
        return ablest, rank(key(key(sme.draw, to.GRANT), self.row))


class SupplierDevelopment(Instrument):
    """P2: lead firms work with more of their suppliers."""

    def spend(self) -> None:
        p = self.model.parameters.supplier_development
        chains = [
            chain
            for chain in self.model.chains
            if any(map(and_, chain.communities, self.communities))
        ]
        suppliers = [len(chain.suppliers()) for chain in chains]
        for chain, number in zip(chains, suppliers, strict=True):
            if number > 0:
                money = min(self.budget * number / sum(suppliers), p.cost * number)
                chain.aid["supplier_development"] += p.reach * money / (p.cost * number)
                self.spent += money


class ExportPromotion(Instrument):
    """P3: firms are taken to where buyers abroad are met (``LeadFirm.contact``)."""

    def spend(self) -> None:
        if self.aimed:
            self.take_abroad()
            return
        chosen = [each for each in self.model.communities if self.applies_to(each)]
        places = sum(community.places for community in chosen)
        for community in chosen:
            community.aid["export_promotion"] += self.budget * community.places / places
        self.spent = self.budget

    def take_abroad(self) -> None:
        """P3: full programmes for those who took part before, then for others while money and places last."""
        cost, firms = self.model.parameters.export_promotion.cost, self.firms()
        affordable = int(self.budget / cost + chance(self.lot(to.GRANT)))
        willing = [sme for sme in firms if sme.high_road or self.chooses != "self_selected"]
        before = sorted((*self.turn(sme), sme) for sme in willing if sme in self.took_part)
        again = before[:affordable]
        new = sorted((*self.turn(sme), sme) for sme in willing if sme not in self.took_part)
        free = min(affordable - len(again), self.quota - len(self.took_part))
        taken = [sme for *_, sme in [*again, *new[: max(0, free)]]]
        for sme in taken:
            sme.promoted = 1
        self.took_part |= {*taken}
        self.spent = len(taken) * cost

    def turn(self, sme: SME) -> tuple[float, int]:
        """I3: the ablest first where they are chosen, else by lot."""
        ablest = -capability(sme.mastered) if self.chooses == "chosen" else 0.0
        return ablest, rank(key(key(sme.draw, to.GRANT), self.row))


class Consortium(Instrument):
    """C2: brokers raise trust between neighbours."""

    def spend(self) -> None:
        p = self.model.parameters.joint_action
        firms = [sme for sme in self.firms() if self.ties_at_home(sme)]
        if not firms:
            return
        own, lots = self.lot(to.BROKER), Lots(firms)
        for number in range(int(self.budget / p.broker + chance(own))):
            draw = key(own, number)
            sme = lots.draw(key(draw, to.FIRM))
            neighbour, tie = self.neighbour_by_lot(sme, key(draw, to.RIVAL))
            self.took_part |= {each for each in (sme, neighbour.sme) if each is not None}
            tie["trust"] += p.push * (1.0 - tie["trust"])
            self.spent += p.broker

    def neighbour_by_lot(self, sme: SME, draw: int) -> tuple[Place, dict]:
        """The place next door that draws the lowest number, vacant or not, and the tie."""
        drawn = [
            (chance(key(draw, place.number)), place, tie) for place, tie in self.ties_at_home(sme)
        ]
        return min(drawn, key=itemgetter(0))[1:]

    def ties_at_home(self, sme: SME) -> list[tuple[Place, dict]]:
        """The ties of a firm within its community, each with the neighbour's place."""
        return [
            (self.model.places[row], tie)
            for row, tie in self.model.graph.adj[sme.row].items()
            if tie["kind"] == "local"
        ]


KINDS = {
    "grants": Grants,
    "supplier_development": SupplierDevelopment,
    "export_promotion": ExportPromotion,
    "consortium": Consortium,
}
