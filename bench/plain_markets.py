"""How the small firms of the plain Mesa model sell, hire and earn: event 9 of a quarter.

Written like ``bench.plain_learning``, from the docstrings alone. Amounts are counted in the quarterly
output of a worker without mastery.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import FUNCTIONAL, PROCESS, RUNGS, capability, chance, key, score
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_chains import LeadFirm
    from bench.plain_firms import SME

CONTRACTS = 2


class Trader(mesa.Agent):
    """A small firm as one that sells. ``order`` is what each of its ``contracts`` buys of it."""

    def buyers(self) -> list[LeadFirm]:
        """The lead firms that it supplies."""
        return [chain for chain in self.contracts if chain is not None]

    def can_take_orders(self) -> bool:
        """G4: whether it may supply one chain more."""
        return len(self.buyers()) < self.model.parameters.several_chains.most

    def order_of(self, chain: LeadFirm) -> float:
        """What a chain has ordered of it."""
        return self.order[self.contracts.index(chain)]

    def sold(self) -> float:
        """What it sells a quarter, at home and into chains."""
        amount = self.home
        for chain in self.buyers():
            amount += self.order_of(chain)
        return amount

    def share_sold_to(self, chosen: Sequence[bool]) -> float:
        """Share of its sales that goes to those of its buyers that are chosen."""
        part = 0.0
        for chain, counts in zip(self.buyers(), chosen, strict=True):
            if counts:
                part += self.order_of(chain)
        sold = self.sold()
        return part / sold if sold > 0 else 0.0

    # What it offers

    def offer(self, chain: LeadFirm) -> float:
        """M1: practices that count for a buyer, design where it is welcome, a certificate."""
        p, merit = self.model.parameters.demand, capability(self.mastered)
        if not chain.guards:
            merit += p.design * score(self.mastered[FUNCTIONAL]) / RUNGS
        if self.certified > 0:
            merit += self.model.parameters.certification.assurance
        return merit

    def offer_at_home(self) -> float:
        """M2: at home it counts too what the owner saves on wages."""
        cheapness = self.model.parameters.home_market.cheapness
        return capability(self.mastered) + cheapness * (1.0 - self.wage_kept())

    def wage_kept(self) -> float:
        """F1: share of the usual wage that it pays on its road."""
        return 1.0 if self.high_road else 1.0 - self.model.parameters.road.wage_squeeze

    def manages(self, amount: float, wanted: float) -> float:
        """M1: what it takes of an amount that would grow; larger firms grow more slowly."""
        p = self.model.parameters.demand
        if p.growth >= 1.0:
            return wanted
        return min(wanted, amount * (1.0 + p.growth / (1.0 + self.workers / p.span)))

    # Contracts

    def sign_contract(self, chain: LeadFirm) -> None:
        """M1: a first order, made in part instead of what was sold at home."""
        displacement = self.model.parameters.demand.displacement
        place = self.contracts.index(None)
        self.contracts[place], self.order[place] = chain, chain.first_order
        self.since[place] = self.model.quarter
        self.home = max(0.0, self.home - displacement * chain.first_order)

    def end_contract(self, chain: LeadFirm) -> None:
        """M1: a part of what it made for the chain finds customers at home."""
        place = self.contracts.index(chain)
        self.home += self.model.parameters.demand.displacement * self.order[place]
        self.contracts[place], self.order[place] = None, 0.0

    # Jobs and earnings

    def output_of_worker(self) -> float:
        """M3: the amount that a worker makes in a quarter."""
        gain = self.model.parameters.value_added.gain["process"]
        return 1.0 + gain * score(self.mastered[PROCESS]) / RUNGS

    def employ(self) -> None:
        """M3: hands without orders stand idle; jobs follow orders."""
        p, orders = self.model.parameters.employment, self.sold()
        used = min(1.0, orders / (self.workers * self.output_of_worker()))
        self.in_use = 1.0 - p.idle * (1.0 - used)
        wanted = orders / self.output_of_worker()
        self.workers = max(1.0, self.workers + p.speed * (wanted - self.workers))

    def made(self) -> float:
        """F2: value added per worker before anybody takes a share."""
        product = 1.0
        for gain, mask in zip(
            self.model.parameters.value_added.gain.values(), self.mastered, strict=True
        ):
            product *= 1.0 + gain * score(mask) / RUNGS
        return product

    def mean_price(self) -> float:
        """F2: what a unit is worth, the mean over what it sells at home and into chains."""
        p = self.model.parameters.value_added
        independence = p.independence * score(self.mastered[FUNCTIONAL]) / RUNGS
        total = self.community.sector.home_price * self.home
        for chain in self.buyers():
            cut = p.cut[chain.governance] * (1.0 - independence)
            level = chain.price * chain.exchange if chain.reach == "global" else chain.price
            price = level * (1.0 + p.premium[chain.reach]) * (1.0 - cut)
            total += self.order_of(chain) * price
        sold = self.sold()
        return total / sold if sold > 0 else 0.0

    def wage_target(self) -> float:
        """F4: a share of value added; F1: less on the low road."""
        p = self.model.parameters.wages
        return max(p.reservation, p.share * self.wage_kept() * self.value_added)

    def earn(self) -> None:
        """F2, F3, F4: earn, pay fees, keep a part of the margin; wages follow.

        F1: the owner records progress; I6: the certificate of a firm that fell behind lapses.
        """
        p = self.model.parameters
        gained = sum(
            (now & ~then).bit_count()
            for now, then in zip(self.mastered, self.mastered_before, strict=True)
        )
        self.progress += p.road.memory * (gained - self.progress)
        if capability(self.mastered) < self.certified:
            self.certified = 0.0
        self.value_added = self.made() * self.mean_price() * self.in_use
        shock = 2.0 * chance(key(self.draw, to.LUCK)) - 1.0
        luck = 1.0 + p.resources.volatility * shock
        margin = self.value_added * luck - self.wage - p.resources.overhead
        for institution in self.model.institutions:
            pays, dues = institution in self.memberships, institution.dues(self)
            if pays and institution.is_open() and self.resources >= dues:
                institution.fees += dues
                self.spending += dues
        kept = self.resources + p.resources.retained * margin - self.spending
        self.resources = min(p.resources.cap, max(0.0, kept))
        self.distress = self.distress + 1 if margin < 0 and self.resources <= 0 else 0
        self.wage += p.wages.speed * (self.wage_target() - self.wage)


class HomeMarket(mesa.Agent):
    """Customers of one trade at home, who buy of all its small firms and of importers (M2)."""

    def __init__(self, model, sector: SimpleNamespace) -> None:
        super().__init__(model)
        self.sector = sector

    def sellers(self) -> list[SME]:
        """The firms of the trade in business, in the order of their places."""
        return [sme for sme in self.model.smes if sme.community.sector is self.sector]

    def open(self) -> None:
        """When the first quarter begins firms sell all they make here, and importers have their share."""
        sector, made = self.sector, 0.0
        for sme in self.sellers():
            made += sme.home
        sector.home_demand = made / max(1e-9, 1.0 - sector.imports_start)
        sector.imports = sector.imports_start * sector.home_demand
        sector.home_price = self.price(sector.imports_start)

    def price(self, share: float) -> float:
        """M2: imports press prices."""
        return 1.0 - self.model.parameters.home_market.undercut * share

    def importers(self) -> float:
        """M2: what importers offer; dearer money from abroad is as higher wages."""
        cheapness = self.model.parameters.home_market.cheapness
        return self.sector.rivals + cheapness * (1.0 - self.sector.exchange)

    def sell(self) -> None:
        """M2: demand is shared out anew, by offers and, for a small part, evenly."""
        sector, sellers = self.sector, self.sellers()
        sold = weighted = 0.0
        for sme in sellers:
            sold += sme.home
            weighted += sme.home * sme.offer_at_home()
        sector.home_demand *= (1.0 + sector.home_growth) ** 0.25
        sold += sector.imports
        weighted += sector.imports * self.importers()
        if sold <= 0:
            return
        scale, mean = sector.home_demand / sold, weighted / sold
        p, start = self.model.parameters.home_market, sector.imports_start

        def sales_after(sales: float, offer: float, even: float) -> float:
            kept = sales * scale * max(0.0, 1.0 + p.reaction * (offer - mean))
            return kept + p.retender * (even - kept)

        imports = start * sector.home_demand
        sector.imports = sales_after(sector.imports, self.importers(), imports)
        sector.home_price = self.price(sector.imports / sector.home_demand)
        sector.rivals = max(0.0, sector.rivals + sector.rivals_rise / self.model.QUARTERS)
        for sme in sellers:
            even = (1.0 - start) * sector.home_demand / len(sellers)
            sme.home = sme.manages(sme.home, sales_after(sme.home, sme.offer_at_home(), even))
