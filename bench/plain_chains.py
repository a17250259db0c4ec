"""Lead firms of the plain Mesa model.

Written like ``bench.plain_firms``, from the docstrings alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import PRACTICES, chance, key, rank, score
from bench.plain_firms import FUNCTIONAL, PRODUCT, SME, capability
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_mesa import Country


def mean(numbers: Iterable[float]) -> float:
    """The mean, added up one after another (``sum`` rounds otherwise from Python 3.12 on)."""
    total, n = 0.0, 0
    for number in numbers:
        total += number
        n += 1
    return total / n


class LeadFirm(mesa.Agent):
    """A lead firm and its chain. ``row`` is its number among the chains."""

    def __init__(self, model: Country, row: int, **columns) -> None:
        super().__init__(model)
        self.row = row
        for name, value in columns.items():
            setattr(self, name, value)

    @property
    def guards(self) -> bool:
        """G3: whether it guards its core competence."""
        return self.governance in ("quasi_hierarchy", "hierarchy")

    def suppliers(self) -> list[SME]:
        """Its suppliers, in the order of their places."""
        return [sme for sme in self.model.smes if self in sme.contracts]

    def standard(self) -> float:
        """G1: the capability that it asks of an entrant."""
        return self.model.parameters.selection.strictness * self.entry_standard

    def lot(self, sme: SME, purpose: int) -> int:
        """The draw of a firm with this lead firm."""
        return key(key(sme.draw, purpose), self.row)

    def review(self) -> None:
        """K6: the standard rises; G5: governance moves; G6: orders leave for better suppliers."""
        p = self.model.parameters
        self.placed = self.orders
        if self.model.quarter == 0:
            return
        self.entry_standard = min(1.0, self.entry_standard + p.unlearning.drift)
        able = self.entry_standard
        if suppliers := self.suppliers():
            able = mean(capability(sme.mastered) for sme in suppliers)
            functional = mean(score(sme.mastered[FUNCTIONAL]) for sme in suppliers)
            self.reconsider(able, functional)
        lead = max(0.0, self.outside - able)
        stay = max(0.0, 1.0 - p.outside_options.footloose * lead)
        self.placed = int(self.orders * stay + 0.5)

    def reconsider(self, able: float, functional: float) -> None:
        """G5: the able need no steering any more; those who fall back are steered again."""
        p = self.model.parameters.governance_shift
        year = key(key(self.model.quarter_key, to.CHAIN), self.row)
        if chance(key(year, to.SHIFT)) >= p.shift:
            return
        if self.governance == "quasi_hierarchy" and able >= p.maturity:
            if functional >= p.functions:
                self.governance = "network"
            elif self.sector.tacitness[PRODUCT] <= p.codified:
                self.governance = "market"
        elif self.steered and able < p.maturity - p.relapse:
            self.governance = "quasi_hierarchy"

    def drop_suppliers(self) -> None:
        """G1: who falls behind; G3: who encroaches on its core."""
        lowest = self.standard() - self.model.parameters.selection.patience
        for sme in self.suppliers():
            if capability(sme.mastered) < lowest or self.punishes(sme):
                self.end_contract(sme)

    def punishes(self, sme: SME) -> bool:
        """G3: whether it shuts out, this year, a firm that encroaches on its core."""
        p = self.model.parameters.guarding
        encroaches = self.guards and score(sme.mastered[FUNCTIONAL]) > p.encroachment
        return encroaches and chance(self.lot(sme, to.PUNISH)) < p.punishment

    def end_contract(self, sme: SME) -> None:
        """The firm supplies this chain no longer."""
        sme.contracts[sme.contracts.index(self)] = None

    def cut_back(self) -> None:
        """G6: with fewer orders than suppliers the weakest go, by lot among equals."""
        ranked = [
            (-capability(sme.mastered), rank(self.lot(sme, to.PUNISH)), sme)
            for sme in self.suppliers()
        ]
        for *_, sme in sorted(ranked)[self.placed :]:
            self.end_contract(sme)

    def take_suppliers(self) -> None:
        """G1: the ablest of those it meets, by lot among equals, until its orders are placed."""
        met = []
        for sme in self.model.smes:
            if self in sme.contracts or not sme.can_take_orders():
                continue
            if not self.communities >> sme.community.row & 1:
                continue
            if capability(sme.mastered) < self.standard() or self.punishes(sme):
                continue
            draw = self.lot(sme, to.CONTACT)
            if chance(draw) < self.contact(sme):
                met.append((-capability(sme.mastered), rank(draw), sme))
        wanted = max(0, self.placed - len(self.suppliers()))
        for *_, sme in sorted(met)[:wanted]:
            sme.contracts[sme.contracts.index(None)] = self

    def contact(self, sme: SME) -> float:
        """C1, P3, I6: programmes and certificates bring firms and buyers abroad together."""
        p, community = self.model.parameters, sme.community
        if self.reach != "global":
            return community.market_access
        full_cost = p.export_promotion.cost * community.places
        effect = p.export_promotion.effect * min(1.0, community.promotion / full_cost)
        found = 1.0 - (1.0 - community.market_access) * (1.0 - effect)
        if sme.certified > 0:
            found = 1.0 - (1.0 - found) * (1.0 - p.certification.signal)
        return found

    def choose_favourites(self) -> None:
        """G7: the capability from which it works with a supplier; P2 pays for more of them."""
        abilities = sorted((capability(sme.mastered) for sme in self.suppliers()), reverse=True)
        share = min(1.0, self.model.parameters.favour.favoured + self.developed)
        favoured = int(share * len(abilities) + 0.5)
        if favoured == len(abilities) or self.governance == "hierarchy":
            self.favoured_from = 0.0
        elif favoured == 0:
            self.favoured_from = (2 * PRACTICES + 1) / (2 * PRACTICES)  # above all
        else:
            self.favoured_from = abilities[favoured - 1]

    def support(self, sme: SME, d: int) -> float:
        """G2: access that a supplier has to its know-how; G7: a select few alone."""
        p = self.model.parameters.support
        if capability(sme.mastered_before) < self.favoured_from:
            return 0.0
        if self.governance == "network":
            return p.network
        if d > PRODUCT or self.governance == "market":
            return 0.0
        if self.governance == "hierarchy":
            return p.hierarchy
        return p.quasi_hierarchy * (self.sector.tacitness[d] * (1.0 - self.entry_standard))
