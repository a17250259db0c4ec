"""A plain Mesa model of the same country: one agent object a firm, rules in Python.

The engine is measured beside it, and held to it: given the same scenario and replicate both give
the same trajectories to the last bit (tests/bench). It is written as one writes a Mesa model, with
agents that act and a networkx graph, without any effort to be slow. The world it starts from is
read from ``model.world.build``; everything after that is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import mesa
import networkx as nx

from bench.plain_chains import LeadFirm
from bench.plain_draws import (
    DIMENSIONS,
    PER_RUNG,
    PRACTICES,
    RUNGS,
    capability,
    chance,
    key,
    one_of_growing,
    practices,
)
from bench.plain_firms import SME, Owner
from bench.plain_institutions import Association, BridgingInstitution
from bench.plain_learning import NOBODY
from bench.plain_markets import HomeMarket
from bench.plain_policy import KINDS
from model import draws as to
from model.parameters import INSTRUMENTS, neutralised
from model.scenario.schema import Scenario
from model.theory.access import PARTICIPANTS
from model.theory.board import PARTIES
from model.theory.interaction import CHANNELS, SOURCES
from model.theory.ownership import OWNERSHIP
from model.theory.services import SERVICES
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.build import build
from model.world.tables import SPARE, TIE_KINDS

LAGGING = ("engineering", "inputs", "consultant")  # sources that are not at the frontier


@dataclass
class Place:
    """Room for one firm in a community; its draws are those of whoever is there."""

    row: int  # in the country
    number: int  # in the community
    community: SimpleNamespace
    sme: SME | None = None

    def draw(self, parent: int) -> int:
        """The key of the firm's draws under a quarter's key."""
        return key(key(key(parent, to.COMMUNITY), self.community.row), self.number)


def plain(record) -> SimpleNamespace:
    """A row of a table as an object with Python numbers and lists."""
    return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})


class Country(mesa.Model):
    """Communities of small firms, lead firms and institutions, quarter by quarter."""

    QUARTERS = 4  # in a year

    def __init__(self, scenario: Scenario, replicate: int = 0, rng: int | None = None) -> None:
        """Runs for ``scenario.run.ticks`` quarters; all draws belong to its seed and ``replicate``.

        ``rng`` is Mesa's own seed, which nothing here uses.
        """
        super().__init__(rng=rng)
        self.quarters = scenario.run.ticks
        numbers = neutralised(scenario.parameters, scenario.neutral).model_dump()
        self.parameters = SimpleNamespace(**{k: SimpleNamespace(**v) for k, v in numbers.items()})
        self.quarter = 0
        self.ledger: list[tuple] = []  # quarter, row, born, dimension, practice, channel, teacher
        self._read(build([scenario], [replicate]).slice(0))
        self.timetable = [change.model_dump() for change in scenario.timetable.values()]
        self.names = {
            "chains": dict(zip(scenario.chains, self.chains, strict=True)),
            "communities": dict(zip(scenario.communities, self.communities, strict=True)),
            "institutions": dict(zip(scenario.institutions, self.staffed(), strict=True)),
        }
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "firms": lambda m: len(m.smes),
                "capability": lambda m: m.mean(lambda sme: capability(sme.mastered)),
                "value_added": lambda m: m.mean(lambda sme: sme.value_added),
                "wage": lambda m: m.mean(lambda sme: sme.wage),
            }
        )

    def _read(self, start) -> None:
        """Set up the agents as they stand at the start."""
        self.run_key = int(start.run.key)
        self.sectors = [plain(row) for row in start.sectors]
        for sector in self.sectors:
            sector.holds = [dict(zip(SOURCES, masks, strict=True)) for masks in sector.holds]
            sector.own = [dict(zip(SOURCES, masks, strict=True)) for masks in sector.own]
            sector.prices = {
                "machinery": sector.machinery_price, "consultant": sector.consultant_price
            }  # fmt: skip
        self.home_markets = [HomeMarket(self, sector) for sector in self.sectors]
        self.communities = [plain(row) for row in start.communities]
        for row, community in enumerate(self.communities):
            community.row, community.sector = row, self.sectors[community.sector]
            community.aid = dict(zip(INSTRUMENTS, community.aid, strict=True))
        self.chains = []
        for row, record in enumerate(start.chains):
            columns = vars(plain(record))
            del columns["suppliers"]
            columns["governance"] = GOVERNANCE[columns["governance"]]
            columns["reach"] = REACH[columns["reach"]]
            columns["aid"] = dict(zip(INSTRUMENTS, columns["aid"], strict=True))
            self.chains.append(LeadFirm(self, row, **columns))
            self.chains[-1].sector = self.served(columns["communities"])[0].sector
        self.institutions = []
        for row, record in enumerate(start.institutions):
            kind = Association if record.association else BridgingInstitution
            columns = vars(plain(record))
            del columns["count"]
            columns["seats"] = dict(zip(PARTIES, columns["seats"], strict=True))
            columns["hours"] = dict(zip(SERVICES, columns["hours"], strict=True))
            columns["chooses"] = PARTICIPANTS[columns["chooses"]]
            self.institutions.append(kind(self, row, **columns))
            if record.association:
                self.communities[record.home].association = self.institutions[-1]
        self.instruments = []
        for row, record in enumerate(start.instruments):
            kind = KINDS[INSTRUMENTS[record.kind]]
            columns = vars(plain(record))
            del columns["joined"]
            columns["chooses"] = PARTICIPANTS[columns["chooses"]]
            self.instruments.append(kind(self, row, **columns))
        self.places = []
        for row, record in enumerate(start.firms):
            firm, community = plain(record), self.communities[record.community]
            place = Place(row, firm.place, community)
            self.places.append(place)
            if not firm.active:
                continue
            leader = None if firm.parent == NOBODY else self.chains[firm.parent]
            owner = Owner(OWNERSHIP[firm.ownership], leader)
            place.sme = SME(self, place, firm.born, firm.workers, firm.aware, firm.mastered, owner)
            bodies = (each for each in self.institutions if each.reach[community.row])
            place.sme.memberships.update(x for x in bodies if firm.members >> x.bit & 1)
        self.graph = nx.Graph()
        self.graph.add_nodes_from(range(len(self.places)))
        self.most_ties = len(start.ties)
        for tie in start.ties:
            if tie.kind != SPARE:
                kind = TIE_KINDS[tie.kind]
                self.tie(int(tie.a), int(tie.b), kind, float(tie.trust), float(tie.usual))

    def served(self, chosen: list[bool]) -> list[SimpleNamespace]:
        """The communities that are chosen."""
        return [community for community in self.communities if chosen[community.row]]

    def tie(self, a: int, b: int, kind: str, trust: float, usual: float) -> None:
        """Tie the firms at two places."""
        new = kind == "forum"  # they have just met
        self.graph.add_edge(
            a,
            b,
            kind=kind,
            trust=trust,
            usual=usual,
            owed=0,
            lent=0,
            kept=0,
            met=0,
            paid=0,
            new=new,
        )

    @property
    def smes(self) -> list[SME]:
        """The firms in business, in the order of their places."""
        return [place.sme for place in self.places if place.sme is not None]

    def staffed(self) -> list[BridgingInstitution]:
        """The institutions of the scenario: all but the local associations."""
        return [each for each in self.institutions if isinstance(each, BridgingInstitution)]

    def mean(self, of) -> float:
        """The mean of something over the firms in business."""
        values = [of(sme) for sme in self.smes]
        return sum(values) / len(values) if values else 0.0

    def step(self) -> None:
        """One quarter, in the order of the events of ``model.engine.tick``."""
        self.quarter_key = key(key(self.run_key, to.TICK), self.quarter)
        self.before = [place.sme for place in self.places]
        smes = self.smes
        for sme in smes:
            sme.draw = sme.place.draw(self.quarter_key)
        self.change()
        if self.quarter == 0:
            for market in (*self.home_markets, *self.chains):
                market.open()
        self.spend()
        if self.quarter % self.QUARTERS == 0:
            self.turn_of_year()
        self.renew()
        for sme in smes:
            sme.show()
        for sme in smes:
            sme.learn()
        for institution in self.staffed():
            institution.work()
        self.settle_trust()
        for chain in self.chains:
            chain.look_ahead()
        for chain in self.chains:
            chain.move_orders()
        for market in self.home_markets:
            market.sell()
        for sme in smes:
            sme.employ()
        for institution in self.institutions:
            institution.fees = 0.0
        for sme in smes:
            sme.earn()
        for place in self.places:
            if place.sme is None:
                self.enter(place)
            elif place.sme.distress >= self.parameters.resources.patience:
                place.sme.remove()
                place.sme = None
        self.datacollector.collect(self)
        self.quarter += 1
        self.running = self.quarter < self.quarters

    def change(self) -> None:
        """Event 1: what the timetable holds for this quarter."""
        for change in self.timetable:
            if change["tick"] != self.quarter:
                continue
            if change["economy"]:
                for each in (*self.chains, *self.sectors):
                    each.exchange = change["economy"]["exchange_rate"]
            for table, rows in self.names.items():
                for name, numbers in change[table].items():
                    for what, number in (numbers | (numbers.get("access") or {})).items():
                        if number is not None and not isinstance(number, dict):
                            setattr(rows[name], what, self.in_firms(rows[name], what, number))

    def in_firms(self, target, what: str, number: float) -> float:
        """Orders are told as a share of the founders where a lead firm buys, and kept as firms."""
        if what != "orders":
            return number
        return round(number * sum(each.founders for each in self.served(target.communities)))

    def spend(self) -> None:
        """Event 2: policy instruments spend."""
        for each in (*self.communities, *self.chains):
            each.aid = dict.fromkeys(INSTRUMENTS, 0.0)
        for sme in self.smes:
            sme.promoted = 0
        for instrument in self.instruments:
            instrument.act()

    def turn_of_year(self) -> None:
        """Events 3 and 4: lead firms review their chains, institutions admit, owners decide."""
        for chain in self.chains:
            chain.review()
        for sme in self.smes:
            for chain in sme.buyers():
                chain.renew_contract(sme)
        for chain in self.chains:
            chain.count_orders()
        for chain in self.chains:
            chain.take_suppliers()
        for sme in self.smes:
            sme.feel_pressure()
        for chain in self.chains:
            chain.choose_favourites()
        for institution in self.institutions:
            institution.admit()
        for sme in self.smes:
            sme.choose_road()

    def renew(self) -> None:
        """Event 5: practices are overtaken, trade by trade, and sources that lag catch up (K6a)."""
        p = self.parameters.renewal
        for row, sector in enumerate(self.sectors):
            under = key(key(self.quarter_key, to.SECTOR), row)
            sector.gone = []
            for d, dimension in enumerate(DIMENSIONS):
                draw = key(key(under, to.RENEWAL), d)
                pace = p.pace[dimension] * sector.pace / self.QUARTERS
                sector.gone.append(
                    sum(1 << bit for bit in range(PRACTICES) if chance(key(draw, bit)) < pace)
                )
                for source in LAGGING:
                    draw = key(key(key(under, to.DIFFUSION), d), CHANNELS.index(source))
                    for bit in practices(sector.own[d][source] & ~sector.holds[d][source]):
                        if chance(key(draw, 1 << bit)) < p.diffusion:
                            sector.holds[d][source] |= 1 << bit
                    sector.holds[d][source] &= ~sector.gone[d]
        for sme in self.smes:
            sme.be_overtaken(sme.community.sector.gone)
        for institution in self.institutions:
            gone = self.communities[institution.home].sector.gone
            institution.repository = [
                mask & ~out for mask, out in zip(institution.repository, gone, strict=True)
            ]

    def trust_after(self, trust: float, paid: bool, usual: float) -> float:
        """C2: trust grows where joint action pays and else sinks back."""
        p = self.parameters.joint_action
        if paid:
            return trust + p.gain * (1.0 - trust)
        return trust - p.fade * max(0.0, trust - p.habit * usual)

    def settle_trust(self) -> None:
        """Event 8: trust of ties, those meetings that paid first; it sinks back in disuse too."""
        p = self.parameters.joint_action
        for _, _, tie in self.graph.edges(data=True):
            if tie["met"] == 0 and not tie["new"]:
                tie["trust"] -= p.disuse * max(0.0, tie["trust"] - p.habit * tie["usual"])
            for meeting in range(tie["met"]):
                tie["trust"] = self.trust_after(tie["trust"], meeting < tie["paid"], tie["usual"])
            tie["owed"] += tie["lent"]  # K8
            tie["kept"] = tie["met"]
            tie["lent"] = tie["met"] = tie["paid"] = 0
            tie["new"] = False

    def enter(self, place: Place) -> None:
        """F3: a vacant place is taken, perhaps, by a spin-off or a newcomer."""
        p, community = self.parameters.resources, place.community
        draw = place.draw(self.quarter_key)
        if chance(key(draw, to.ENTRY)) >= p.entry:
            return
        birth = key(draw, to.BIRTH)
        place_of_parent = one_of_growing(community.places, key(draw, to.PARENT))
        parent = self.before[community.first + place_of_parent]
        if parent is not None and chance(key(draw, to.SPIN_OFF)) < p.spin_off:
            mastered = [
                parent.mastered_before[d] & self.draw_practices(d, birth, [p.inherit] * RUNGS)
                for d in range(4)
            ]
            aware, channel, teacher = parent.aware_before.copy(), "inheritance", parent.row
        else:
            sector = community.sector
            quality = 1.0 + sector.start_spread * (2.0 * chance(key(birth, to.QUALITY)) - 1.0)
            mastered = []
            for d in range(4):
                chances = [community.start[d] * quality / community.repertoire_share]
                for _ in range(1, RUNGS):
                    chances.append(chances[-1] * sector.start_fall)
                drawn = self.draw_practices(d, birth, chances)
                mastered.append(community.repertoire[d] & drawn)
            aware, channel, teacher = mastered.copy(), "start", NOBODY
        u = chance(key(draw, to.SIZE))
        workers = max(1.0, p.small * max(1.0, community.workers * 3.0 * u * u))
        owner = Owner("local")  # F6
        sme = place.sme = SME(self, place, self.quarter + 1, workers, aware, mastered, owner)
        for tie in self.graph.adj[place.row].values():
            tie["trust"], tie["owed"] = tie["usual"], 0
        for d in range(4):
            self.book(sme, d, mastered[d], channel, teacher)

    def draw_practices(self, d: int, birth: int, chances: list[float]) -> int:
        """Practices of a dimension at birth, each with the chance of its rung."""
        mask = 0
        for bit in range(PRACTICES):
            draw = key(birth, to.FOUND + PRACTICES * d + bit)
            if chance(draw) < chances[bit // PER_RUNG]:
                mask |= 1 << bit
        return mask

    def book(self, sme: SME, d: int, mask: int, channel: str, teacher: int = NOBODY) -> None:
        """Enter practices mastered or lost into the ledger."""
        for practice in practices(mask):
            self.ledger.append((self.quarter, sme.row, sme.born, d, practice, channel, teacher))
