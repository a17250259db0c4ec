"""The small firms of the plain Mesa model: how they start, and what their owners decide.

What they learn is in ``bench.plain_learning``, what they sell and earn in ``bench.plain_markets``.
Written like those, from the docstrings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.plain_draws import PRACTICES, capability
from bench.plain_learning import Learner
from bench.plain_markets import CONTRACTS, Trader

if TYPE_CHECKING:
    from bench.plain_chains import LeadFirm
    from bench.plain_institutions import Association
    from bench.plain_mesa import Country, Place

NOT_YET = -1_000_000  # a quarter long before any


@dataclass(frozen=True)
class Owner:
    """Who owns a firm (F6): people of the place, somebody abroad, or a lead firm whose plant it is."""

    kind: str
    leader: LeadFirm | None = None


class SME(Learner, Trader):
    """A small firm in its place."""

    def __init__(
        self,
        model: Country,
        place: Place,
        born: int,
        workers: float,
        aware: list[int],
        mastered: list[int],
        owner: Owner,
    ) -> None:
        super().__init__(model)
        self.place = place
        self.row = place.row
        self.community = place.community
        self.born = born
        self.aware, self.mastered = aware, mastered
        self.dimension = 0
        self.owner = owner
        self.project: int | None = None
        self.memberships: set[Association] = set()
        self.hours, self.served = 0.0, NOT_YET
        self.contracts: list[LeadFirm | None] = [None] * CONTRACTS
        self.order, self.since = [0.0] * CONTRACTS, [0] * CONTRACTS
        self.workers = workers
        self.home = workers * self.output_of_worker()
        self.in_use = 1.0
        self.resources = model.parameters.resources.endowment
        self.backward = self.community.backward
        self.forward = self.community.forward
        self.high_road = True
        self.pressed = 0.0
        self.progress = model.parameters.road.confidence
        self.certified = 0.0
        self.promoted = 0  # 1 if an export programme takes it abroad this quarter
        self.value_added = self.made()
        self.wage = self.wage_target()
        self.distress = 0

    def show(self) -> None:
        """Keep what others are to see this quarter while everybody learns."""
        self.aware_before = self.aware.copy()
        self.mastered_before = self.mastered.copy()
        self.backward_before = self.backward

    # Event 2: grants

    def on_offer(self, d: int) -> int:
        """P1: how many practices the market could teach it now in a dimension."""
        holds = self.community.sector.holds[d]
        sold = holds["machinery"] | holds["consultant"]
        return (sold & self.reach_of(self.mastered, d) & ~self.mastered[d]).bit_count()

    def best_project(self) -> int:
        """P1: the dimension in which the market has most to offer, the first of several."""
        return max(range(4), key=self.on_offer)

    def wants_project(self) -> bool:
        """P1: whether it can spare its part and sees a return."""
        p, p1 = self.model.parameters, self.model.parameters.grants
        own_part = p1.match * p1.grant
        if self.resources < p1.reserve * own_part:
            return False
        new = self.on_offer(self.best_project())
        return new > 0 and new * self.practice_value() * p.road.foresight >= own_part

    # Events 3 and 4: once a year

    def feel_pressure(self) -> None:
        """F5: a standard within sight, idle hands, a neighbour who got an order within reach."""
        p, able = self.model.parameters.pressure, capability(self.mastered)
        near = False
        for chain in self.model.chains:
            if not chain.buys_in(self.community):
                continue
            spare = able - chain.felt_standard(self)
            supplies = chain in self.contracts
            near |= spare < p.sight if supplies else -p.sight <= spare < 0.0
        lost = self.in_use < 1.0 - p.slump
        envied = not self.buyers() and any(
            chain.buys_in(self.community) and able >= chain.felt_standard(self) - p.sight
            for sme in self.neighbours()
            for chain in sme.buyers()
        )
        self.pressed = min(1.0, 0.5 * (near + lost + envied))

    def neighbours(self) -> list[SME]:
        """The firms in business with which it has ties."""
        tied = (self.model.places[row].sme for row in self.model.graph.adj[self.row])
        return [sme for sme in tied if sme is not None]

    def choose_road(self) -> None:
        """F1: learning goes on if it is seen to pay, or if there is slack."""
        p = self.model.parameters.road
        expected = (self.progress + p.hope) * self.practice_value() * p.foresight
        self.high_road = expected >= p.cost or self.resources >= p.comfort

    def practice_value(self) -> float:
        """F1: what a process or product practice adds a quarter."""
        gain = self.model.parameters.value_added.gain
        return 0.5 * (gain["process"] + gain["product"]) / PRACTICES

    # Event 5: the standard moves

    def be_overtaken(self, gone: list[int]) -> None:
        """K6a: what is overtaken is neither mastered nor known any more."""
        for d, out in enumerate(gone):
            self.model.book(self, d, self.mastered[d] & out, "overtaken")
            self.mastered[d] &= ~out
            self.aware[d] &= ~out
