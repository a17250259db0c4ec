"""Associations and bridging institutions of the plain Mesa model.

Written like ``bench.plain_learning``, from the docstrings alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import (
    PER_RUNG,
    PRACTICES,
    RUNG,
    RUNGS,
    TOP_RUNG,
    any_one_of,
    by_lot,
    capability,
    chance,
    key,
    rank,
)
from bench.plain_firms import SME
from bench.plain_learning import Study
from model import draws as to
from model.theory.access import ASSOCIATION
from model.theory.services import SERVICES

if TYPE_CHECKING:
    from bench.plain_mesa import Country

ALL = (1 << PRACTICES) - 1


def lowest(missing: int) -> int:
    """The part of what is missing that is on the lowest rung."""
    for rung in range(RUNGS):
        if missing & RUNG << PER_RUNG * rung:
            return missing & RUNG << PER_RUNG * rung
    return 0


class Lots:
    """Some firms, of which lots are drawn by their communities and places."""

    def __init__(self, smes: list[SME]) -> None:
        self.smes = {(sme.community.row, sme.place.number): sme for sme in smes}
        self.places = {sme.community.row: sme.community.places for sme in smes}

    def draw(self, draw: int, home: int | None = None) -> SME:
        """One of the firms, each equally likely; if a community is named, one of there."""
        places = self.places if home is None else {home: self.places[home]}
        return self.smes[by_lot(lambda *where: where in self.smes, places, draw)]

    def of(self, home: int) -> int:
        """How many of the firms are of a community."""
        return sum(community == home for community, _ in self.smes)


class Association(mesa.Agent):
    """The local association of a community. ``row`` is its number among the institutions."""

    def __init__(self, model: Country, row: int, **columns) -> None:
        super().__init__(model)
        self.row = row
        for name, value in columns.items():
            setattr(self, name, value)
        self.fees = self.spent = 0.0

    @property
    def bit(self) -> int:
        """The bit by which the engine's tables keep its members."""
        return ASSOCIATION

    def members(self) -> list[SME]:
        """Its members in business, in the order of their places."""
        return [sme for sme in self.model.smes if self in sme.memberships]

    def lot(self, sme: SME) -> int:
        """The draw that decides whether and when a firm joins."""
        return key(key(sme.draw, to.ASSOCIATE), self.home)

    def is_open(self) -> bool:
        """I3: an association lives without staff and money."""
        return True

    def admit(self) -> None:
        """I3: members that can't pay leave; who may and wants to join does, as far as places go."""
        if not self.is_open():
            for sme in self.members():
                sme.memberships.remove(self)
            return
        p = self.model.parameters.access
        for sme in self.members():
            if not self.inclusive and sme.resources < p.exclusion * self.dues(sme):
                sme.memberships.remove(self)
        joining = []
        for sme in self.model.smes:
            if self in sme.memberships or not self.reach[sme.community.row]:
                continue
            draw = self.lot(sme)
            if chance(draw) < p.take_up * self.take_up and self.lets_in(sme):
                ablest = -capability(sme.mastered) if self.chooses == "chosen" else 0.0
                joining.append((ablest, rank(draw), sme))
        vacancies = max(0, self.quota - len(self.members()))
        for *_, sme in sorted(joining)[:vacancies]:
            sme.memberships.add(self)

    def dues(self, sme: SME) -> float:
        """I3: what membership costs a firm a quarter, a fee and a levy on value added."""
        return self.fee + self.levy * sme.value_added

    def is_meant_for(self, sme: SME) -> bool:
        """I3: some are for small firms, or for suppliers of certain chains."""
        supplies = any(self.for_chains >> chain.row & 1 for chain in sme.buyers())
        return sme.workers <= self.largest and (supplies or self.for_chains == 0)

    def lets_in(self, sme: SME) -> bool:
        """I3: whether its rules and the firm's means let it in; some come only to learn."""
        p = self.model.parameters.access
        if not self.is_meant_for(sme) or (self.chooses == "self_selected" and not sme.high_road):
            return False
        yearly_dues = p.exclusion * self.dues(sme) * self.model.QUARTERS
        can_pay = sme.resources >= p.means * yearly_dues
        is_able = capability(sme.mastered) >= p.exclusion * self.minimum_capability
        return bool(self.inclusive or (can_pay and is_able))


class BridgingInstitution(Association):
    """An institution with staff, money and a repository."""

    @property
    def bit(self) -> int:
        """The bit by which the engine's tables keep its members."""
        return self.row

    def lot(self, sme: SME) -> int:
        """The draw that decides whether and when a firm joins."""
        return key(key(sme.draw, to.JOIN), self.row)

    def is_open(self) -> bool:
        """I3: between its dates, and with money."""
        paid = any(each > 0 for each in (self.budget, self.donor, self.fee, self.levy))
        return paid and self.opens <= self.model.quarter < self.closes

    def money(self) -> float:
        """I4: public budget, what other parties and donors give, and the fees of last quarter."""
        others = 1.0 - self.seats["government"]
        return self.budget * (1.0 + self.joint_investment * others) + self.donor + self.fees

    def work(self) -> None:
        """Event 7: hold as many events as money allows (I8)."""
        self.spent = 0.0
        members = self.members() if self.is_open() else []
        if not members:
            return
        self.lots = Lots(members)
        self.meet_on_the_board()
        p, money = self.model.parameters.services, self.money()
        under = key(self.quarter_draw(), to.VISIT)
        for number, service in enumerate(SERVICES):
            draw = key(under, number)
            price = self.hour_price * p.hours[service]
            most = p.most * len(members) / p.firms[service]
            events = min(most, money * self.hours[service] / price)
            for event in range(int(events + chance(draw))):
                self.spent += price
                self.hold(service, len(members), key(draw, event))

    def meet_on_the_board(self) -> None:
        """I4: who sits for a community gets to know a member of another."""
        share = self.model.parameters.board.ties * self.seats["associations"]
        under = key(self.quarter_draw(), to.REPRESENTATIVE)
        for home in sorted(self.lots.places) if share else ():
            draw = key(under, home)
            if chance(draw) < share:
                sme = self.lots.draw(key(draw, to.FIRM), home)
                other = self.lots.draw(key(draw, to.SECOND))
                if sme.community is not other.community:
                    self.acquaint(sme, other)

    def quarter_draw(self) -> int:
        """The key of its draws this quarter."""
        return key(key(self.model.quarter_key, to.INSTITUTION), self.row)

    def hold(self, service: str, members: int, event: int) -> None:
        """I8: one event of a service; each place goes to one of two members who apply."""
        p, region, place = self.model.parameters.services, None, 0
        while place < min(members, p.firms[service]):
            draw = key(event, place)
            sme = self.applicant(draw, region)
            if service == "group":  # of one region, that of the first
                region = sme.community.row
                members = self.lots.of(region)
            if p.lessons[service]:
                sme.served = self.model.quarter
            sme.hours += p.hours[service] / min(members, p.firms[service])
            if service == "test" and 0 < self.certifies <= capability(sme.mastered_before):
                sme.certified = self.certifies  # I6
            if service == "meeting":
                self.introduce(sme, self.applicant(key(draw, to.GUEST)), draw)
            else:
                self.teach(sme, service, draw)
            place += 1

    def applicant(self, draw: int, region: int | None = None) -> SME:
        """I4: two apply, and the board may prefer the second."""
        first = self.lots.draw(key(draw, to.FIRM), region)
        second = self.lots.draw(key(draw, to.SECOND), region)
        return second if self.prefers_second(first, second, draw) else first

    def prefers_second(self, first: SME, second: SME, draw: int) -> bool:
        """I4: a seat drawn in proportion decides, by its party's interest."""
        if chance(key(draw, to.VOICE)) >= self.model.parameters.board.voice:
            return False
        party = self.seated(chance(key(draw, to.SEAT)))
        if party == "home_association":
            return first.community.row != self.home and second.community.row == self.home
        if party == "associations":
            return capability(second.mastered_before) < capability(first.mastered_before)
        if party == "lead_firms":
            return not first.buyers() and bool(second.buyers())
        return False

    def seated(self, x: float) -> str:
        """The party at ``x`` of all seats, laid side by side from 0 to 1."""
        for party, share in self.seats.items():
            x -= share
            if x < 0:
                return party
        return "lead_firms"

    def introduce(self, sme: SME, peer: SME, draw: int) -> None:
        """I5: a firm hears how another does things, and the two may stay in touch."""
        p = self.model.parameters
        if sme is peer:
            return
        for lesson in self.lessons("meeting", draw):
            if chance(key(lesson, to.FORUM)) >= p.interaction.rate["institution"]:
                continue
            study = sme.study(sme.dimension)
            study = replace(study, capacity=study.capacity * sme.openness())  # K7
            sme.meet(study, "peer", peer.mastered_before[study.d], peer.row, lesson)
        if chance(draw) < p.forums.meeting:
            self.acquaint(sme, peer)

    def acquaint(self, sme: SME, other: SME) -> None:
        """I4, I5: a tie between two who had none, while there is room for ties."""
        graph, trust = self.model.graph, self.model.parameters.forums.trust
        if not graph.has_edge(sme.row, other.row) and graph.size() < self.model.most_ties:
            self.model.tie(sme.row, other.row, "forum", trust, trust)

    def lessons(self, service: str, draw: int) -> list[int]:
        """The draws of a participant's lessons in an event."""
        number = self.model.parameters.services.lessons[service]
        return [key(draw, to.FORUM + 64 * (lesson + 1)) for lesson in range(number)]

    def teach(self, sme: SME, service: str, draw: int) -> None:
        """I8: first what the firm works on, then other kinds of upgrading, not twice the same."""
        p = self.model.parameters
        carry = p.interaction.carry["institution"] * p.services.carry[service]
        guidance = p.tutelage.guidance * p.services.guidance[service]
        for number, lesson in enumerate(self.lessons(service, draw)):
            d = sme.dimension if number == 0 else sme.attend(1.0, key(lesson, to.SEAT))
            study = sme.study(d)
            if chance(lesson) < self.experiential:
                teachable = self.repository[d] | self.expertise[d] | self.translated(sme, d, lesson)
                teachable &= ~(sme.mastered[d] & ~sme.mastered_before[d])
                practice = self.choose(sme, study, teachable, lesson)
                lacking = sme.effort() - study.capacity
                study = replace(study, capacity=study.capacity + guidance * lacking)  # I2
                study = replace(study, capacity=self.adapted(study.capacity, sme.effort()))
                self.gather(sme, d, key(lesson, to.GATHER))
            else:
                practice = any_one_of(TOP_RUNG, lesson)
            if chance(key(lesson, to.FORUM)) < p.interaction.rate["institution"]:
                sme.take_up(study, "institution", practice, self.row, lesson, carry)

    def adapted(self, capacity: float, effort: float) -> float:
        """K5: who knows ways of several communities can fit one to the firm."""
        communities = self.contributors
        if communities < 2:
            return capacity
        share = self.model.parameters.recombination.adaptation * (1.0 - 1.0 / communities)
        return capacity + share * (effort - capacity)

    def translated(self, sme: SME, d: int, draw: int) -> int:
        """I7: what the firm's buyers ask, if it has heard of it and the staff work on that."""
        if chance(key(draw, to.TRANSLATE)) >= self.model.parameters.complementarity.translate:
            return 0
        asked = 0
        for chain in sme.buyers():
            asked |= chain.holds[d] & sme.aware_before[d]
        return asked

    def choose(self, sme: SME, study: Study, teachable: int, draw: int) -> int:
        """I2: what the firm needs next, if the staff find out; else anything they can teach."""
        if chance(key(draw, to.DIAGNOSE)) < self.model.parameters.tutelage.patience:
            for wanted in (lowest(study.needed), study.needed):
                if wanted & teachable:
                    return any_one_of(wanted & teachable, draw)
        return sme.shown(study.needed, teachable, draw)

    def gather(self, sme: SME, d: int, draw: int) -> None:
        """I1: take one practice of the firm into the repository."""
        practice = any_one_of(sme.mastered_before[d], draw)
        if practice and chance(draw) < self.model.parameters.repository.gather:
            self.repository[d] |= practice
            self.gathered[sme.community.row] = True
            self.contributors = sum(self.gathered)
