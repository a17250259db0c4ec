"""Lead firms of the plain Mesa model.

Written like ``bench.plain_learning``, from the docstrings alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import (
    FUNCTIONAL,
    PRACTICES,
    PROCESS,
    PRODUCT,
    capability,
    chance,
    key,
    rank,
    score,
)
from bench.plain_firms import SME
from bench.plain_learning import NOBODY
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

    def buys_in(self, community: SimpleNamespace) -> bool:
        """Whether it buys of firms of this community."""
        return self.communities[community.row]

    def standard(self) -> float:
        """G1: the capability that it asks of an entrant."""
        return self.model.parameters.selection.strictness * self.entry_standard

    def missed(self, sme: SME) -> float:
        """G1: what a firm lacks of the share of its standard that it asks of a kind; -1: nothing asked."""
        lacking = [-1.0]
        for d, share in enumerate(self.asks):
            if share > 0:
                whole = max(1, self.holds[d].bit_count())
                mastered = (sme.mastered[d] & self.holds[d]).bit_count() / whole
                lacking.append(self.model.parameters.selection.strictness * share - mastered)
        return max(lacking)

    def felt_standard(self, sme: SME) -> float:
        """G1: the capability that all it asks amounts to for a firm."""
        return max(self.standard(), capability(sme.mastered) + self.missed(sme))

    def lot(self, sme: SME, purpose: int) -> int:
        """The draw of a firm with this lead firm."""
        return key(key(sme.draw, purpose), self.row)

    # Event 3: once a year

    def review(self) -> None:
        """G5: the able need no steering any more; those who fall back are steered again."""
        suppliers = self.suppliers()
        p = self.model.parameters.governance_shift
        year = key(key(self.model.quarter_key, to.CHAIN), self.row)
        if self.model.quarter == 0 or not suppliers or chance(key(year, to.SHIFT)) >= p.shift:
            return
        able = mean(capability(sme.mastered) for sme in suppliers)
        functional = mean(score(sme.mastered[FUNCTIONAL]) for sme in suppliers)
        if self.governance == "quasi_hierarchy" and able >= p.maturity:
            if functional >= p.functions:
                self.governance = "network"
            elif self.sector.tacitness[PRODUCT] <= p.codified:
                self.governance = "market"
        elif self.steered and able < p.maturity - p.relapse:
            self.governance = "quasi_hierarchy"

    def renew_contract(self, sme: SME) -> None:
        """M1: part of the order is put out to tender; G1, G3: who is not wanted any more goes."""
        p = self.model.parameters
        place = sme.contracts.index(self)
        sme.order[place] *= 1.0 - p.demand.contest
        small = sme.order[place] < p.demand.least * self.first_order
        behind = capability(sme.mastered) < self.standard() - p.selection.patience
        behind |= self.missed(sme) > p.selection.patience
        if small or behind or self.punishes(sme):
            sme.end_contract(self)

    def punishes(self, sme: SME) -> bool:
        """G3: whether it shuts out, this year, a firm that encroaches on its core."""
        p = self.model.parameters.guarding
        encroaches = self.guards and score(sme.mastered[FUNCTIONAL]) > p.encroachment
        return encroaches and chance(self.lot(sme, to.PUNISH)) < p.punishment

    def count_orders(self) -> None:
        """What it has ordered here."""
        self.ordered = 0.0
        for sme in self.suppliers():
            self.ordered += sme.order_of(self)

    def take_suppliers(self) -> None:
        """G1: the ablest of those it meets, by lot among equals, until its orders are placed."""
        if self.first_order <= 0:
            return
        met = []
        for sme in self.model.smes:
            if self in sme.contracts or not sme.can_take_orders():
                continue
            if not self.buys_in(sme.community):
                continue
            if capability(sme.mastered) < self.standard() or self.missed(sme) > 0:
                continue
            if self.punishes(sme):
                continue
            draw = self.lot(sme, to.CONTACT)
            if chance(draw) < self.contact(sme):
                met.append((-capability(sme.mastered), rank(draw), sme))
        wanted = int(max(0.0, self.amount - self.ordered) / self.first_order + 0.5)
        for *_, sme in sorted(met)[:wanted]:
            sme.sign_contract(self)
            self.ordered += self.first_order

    def contact(self, sme: SME) -> float:
        """C1, P3, I6: programmes and certificates bring firms and buyers abroad together."""
        p, community = self.model.parameters, sme.community
        if self.reach != "global":
            return community.market_access
        full_cost = p.export_promotion.cost * community.places
        effect = p.export_promotion.effect * min(1.0, community.aid["export_promotion"] / full_cost)
        found = 1.0 - (1.0 - community.market_access) * (1.0 - effect)
        if sme.promoted:
            found = 1.0 - (1.0 - found) * (1.0 - p.export_promotion.effect)
        if sme.certified > 0:
            found = 1.0 - (1.0 - found) * (1.0 - p.certification.signal)
        return found

    def choose_favourites(self) -> None:
        """G2: the capability from which it works with a supplier; P2 pays for more of them."""
        abilities = sorted((capability(sme.mastered) for sme in self.suppliers()), reverse=True)
        few, tacit = self.model.parameters.support.favoured, self.sector.tacitness
        relied_on = 0.5 * (tacit[PROCESS] + tacit[PRODUCT]) * (1.0 - self.entry_standard)
        share = min(1.0, few + (1.0 - few) * relied_on + self.aid["supplier_development"])
        favoured = int(share * len(abilities) + 0.5)
        if favoured == len(abilities) or self.governance in ("hierarchy", "network"):
            self.favoured_from = 0.0
        elif favoured == 0:
            self.favoured_from = (2 * PRACTICES + 1) / (2 * PRACTICES)  # above all
        else:
            self.favoured_from = abilities[favoured - 1]

    # Event 6

    def support(self, sme: SME, d: int) -> float:
        """G2: access that a supplier has to its know-how, a select few alone."""
        p = self.model.parameters.support
        if not sme.took_part() and capability(sme.mastered_before) < self.favoured_from:
            return 0.0
        if self.governance == "network":
            return p.network
        if d > PRODUCT or self.governance == "market":
            return 0.0
        if self.governance == "hierarchy":
            return p.hierarchy
        stage = self.model.quarter - sme.since[sme.contracts.index(self)]
        reliance = self.sector.tacitness[d] * (1.0 - self.entry_standard)
        reliance += (1.0 - reliance) * min(1.0, self.aid["supplier_development"])
        access = p.quasi_hierarchy * reliance
        return access if stage < p.first_stage else access * p.later

    # Event 9

    def open(self) -> None:
        """M1: a first order is what a firm where it buys sells on average at the start."""
        places, made = 0, 0.0
        for sme in self.model.smes:
            if self.buys_in(sme.community):
                places += 1
                made += sme.home
        self.first_order = made / places
        self.amount = self.first_amount = self.orders * self.first_order
        self.pull = 1.0

    def look_ahead(self) -> None:
        """G6: what the chain that it follows buys now of what it bought at the start."""
        if self.follows != NOBODY:
            ahead = self.model.chains[self.follows]
            self.pull = ahead.amount / ahead.first_amount if ahead.first_amount > 0 else 1.0

    def move_orders(self) -> None:
        """G6: it buys more or less here; M1: orders move to the better offers."""
        p = self.model.parameters
        self.count_orders()
        weighted = 0.0
        suppliers = self.suppliers()
        for sme in suppliers:
            weighted += sme.order_of(self) * sme.offer(self)
        self.offered = weighted / self.ordered if self.ordered > 0 else self.standard()
        self.grown = (1.0 + self.grown) * (1.0 + self.growth) ** (1 / self.model.QUARTERS) - 1.0
        wanted = self.orders * self.first_order * (1.0 + self.grown)
        if self.outside >= 0:
            self.outside = max(0.0, self.outside + self.outside_rise / self.model.QUARTERS)
        if self.outside < 0 and self.ordered > 0:  # rivals offer what its suppliers do at the start
            self.outside = self.offered
        if self.outside >= 0:
            p6 = p.outside_options
            lead = self.offered - self.outside + p6.discount * (self.price * self.exchange - 1.0)
            wanted *= min(p6.most, max(0.0, 1.0 + p6.footloose * lead))
        self.amount += p.outside_options.speed * (wanted * self.pull - self.amount)
        if self.ordered > 0:
            scale = self.amount / self.ordered
            for sme in suppliers:
                place = sme.contracts.index(self)
                merit = 1.0 + p.demand.selection * (sme.offer(self) - self.offered)
                order = sme.order[place] * scale * max(0.0, merit)
                sme.order[place] = sme.manages(sme.order[place], order)
