"""Help that the model has at a price: what it does in a run, and what it costs.

Help for one firm is aimed at it: a body whose only member it is, with staff who know what those of an
institution of the world know; money in its hands; projects that are paid for; membership; the practices
that it lacks. Help for a community is what a scenario file can say: staff for all who come, an instrument.
What help costs is read from the run, quarter by quarter; its price is what is planned.

Practices taught outright have the price of as many lessons, of whoever sells them cheapest. As no such
lesson fails, this is a yardstick and no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from model.engine.lesson import cost_of_lesson
from model.engine.tick import QUARTERS
from model.interventions import write_firm
from model.language import ENGLISH, noted, say, speaking
from model.parameters import INSTRUMENTS
from model.report.reach.shortfall import LackingPractice, shortfall, teach
from model.scenario.institution_keys import Institution
from model.scenario.schema import Scenario
from model.theory.access import dues, is_open
from model.theory.export_promotion import EXPORT_PROMOTION
from model.theory.external_economies import local_price
from model.theory.grants import GRANTS, SELLERS, can_match, project, worth_it
from model.theory.interaction import ENGINEERING, MACHINERY
from model.theory.joint_action import CONSORTIUM
from model.theory.services import MEETING, SERVICES, TEST, VISIT, cost_of_event, lessons_each
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT
from model.wording.titles import institution_title
from model.world import tables as t
from model.world.build import RunView

NAME = "cheapest_help"  # of the body or instrument that is added to a scenario
OUTRIGHT = noted("practices taught outright")
IN_HANDS = noted("money in its hands")
PROJECTS = noted("projects of a matching grant")
_EVENTS_SAID = {
    "visit": noted("visits"),
    "course": noted("courses"),
    "group": noted("groups"),
    "demonstration": noted("demonstrations"),
    "test": noted("tests"),
    "meeting": noted("meetings"),
}
_SPANS = (1, 2, 4, 8, 20)  # quarters for which a firm is helped
_SPANS_OF_ALL = (4, 12, 40)  # quarters for which a community is helped
_EVENTS = (1, 2, 4, 8)  # a quarter and firm
_EVENTS_OF_ALL = (1, 2, 4, 8, 16, 32, 64)  # a quarter
_DOUBLINGS = 11  # of money, from the price of a lesson with a machine
_SHARES = (0.25, 0.5, 1.0)  # of a full programme of export promotion
_UNITS = (1, 4, 16)  # of what an instrument pays for, a quarter


@dataclass(frozen=True)
class Question:
    """Who is to be brought over whose standard, and from when help may be given."""

    scenario: Scenario
    ticks: int
    chain: int  # row of the buyer
    goal: str  # "standard" or "contract"
    start: int  # first quarter of help
    rows: tuple[int, ...]  # of the firms in question
    community: int  # row
    wanted: int = 1  # how many of the firms
    born: int | None = None  # quarter of entry of the one firm; None: whoever is there

    @property
    def alone(self) -> bool:
        """Whether it is about one firm."""
        return self.born is not None

    @property
    def home(self) -> str:
        """Key of the community."""
        return list(self.scenario.communities)[self.community]

    def there(self, firm: np.record) -> bool:
        """Whether a place is held by a firm in question."""
        return bool(firm.active) and self.born in (None, int(firm.born))


Give = Callable[[RunView, int], float]
"""What is done before a quarter of help (view, tick), and what it costs."""
Spent = Callable[[RunView, float], float]
"""What help cost in the quarter that is over, by the tables and the hours of staff that the one firm had."""


def _nothing(view: RunView, tick: int) -> float:
    return 0.0


@dataclass(frozen=True)
class Help:
    """One kind of help in one dose."""

    offer: str  # title in English of the offer that it is of
    dose: float  # a quarter
    quarters: int
    price: float  # planned, units of account
    values: Mapping[str, Any] = field(default_factory=dict)  # laid over the scenario
    give: Give = _nothing
    spent: Spent = lambda view, hours: 0.0


@dataclass(frozen=True)
class Offer:
    """A kind of help: the doses and spans that are tried first, and how help of any dose is made."""

    title: str
    unit: str  # of a dose
    doses: tuple[float, ...]
    spans: tuple[int, ...]
    make: Callable[[float, int], Help]
    whole: bool = True  # whether doses are whole numbers

    def grid(self) -> list[Help]:
        """The doses that are tried first."""
        return [self.make(dose, span) for dose in self.doses for span in self.spans]


class OfferSaid(NamedTuple):
    """What a kind of help and the unit of its doses are called."""

    title: str
    unit: str


Names = Mapping[str, OfferSaid]
"""What help is called in the language spoken, by its title in English."""


@dataclass(frozen=True)
class HelpingStaff:
    """Staff who help: like those of an institution of the world, or newly hired."""

    title: str
    like: np.record  # INSTITUTION
    row: int | None  # of the institution that they are like

    def know_the_same(self, view: RunView, row: int) -> None:
        """The staff of body ``row`` know what those that they are like know now."""
        if self.row is not None:
            for column in ("repository", "gathered", "contributors", "expertise"):
                view.institutions[column][row] = view.institutions[column][self.row]


def offers(question: Question, view: RunView, institutions: np.recarray) -> list[Offer]:
    """All kinds of help for the firm, or for the community, by their names in English.

    ``view``: the run at the beginning of the first quarter of help; ``institutions``: those of the world
    in that quarter.
    """
    with speaking(ENGLISH):  # by which they are known, and in tables
        return _offers(question, view, institutions)


def names_of_help(question: Question, view: RunView, institutions: np.recarray) -> Names:
    """What the offers are called in the language spoken."""
    known = offers(question, view, institutions)
    said = _offers(question, view, institutions)
    return {
        one.title: OfferSaid(other.title, other.unit)
        for one, other in zip(known, said, strict=True)
    }


def _offers(question: Question, view: RunView, institutions: np.recarray) -> list[Offer]:
    found = [
        *_of_staff(question, view, institutions, aimed=False),
        *_of_instruments(question, view),
    ]
    if question.alone:
        found += _of_staff(question, view, institutions, aimed=True)
        found += _of_one_firm(question, view, institutions)
    return [_outright(question, view, institutions), *found]


def _spans(question: Question) -> tuple[int, ...]:
    left = question.ticks - question.start
    usual = _SPANS if question.alone else _SPANS_OF_ALL
    return (*(span for span in usual if span < left), left)


def _staff(question: Question, institutions: np.recarray) -> list[HelpingStaff]:
    scenario = question.scenario
    found = []
    for row, key in enumerate(scenario.institutions):
        house = institutions[row]
        if house.reach[question.community] and is_open(house, question.start):
            title = say(
                "staff like those of {institution}", institution=institution_title(scenario, key)
            )
            found.append(HelpingStaff(title, house, row))
    return found or [HelpingStaff(say("newly hired staff"), _hired(), None)]


def _hired() -> np.record:
    usual = Institution()
    like = t.table(t.INSTITUTION, 1)[0]
    like.hour_price, like.experiential = usual.hour_price, usual.experiential
    return like


_BY_STAFF = noted("{what} by {staff}")
_BY_STAFF_FOR_ALL = noted("{what} by {staff}, for all of its community")


def _of_staff(
    question: Question, view: RunView, institutions: np.recarray, aimed: bool
) -> Iterator[Offer]:
    """Events that staff hold for all of the community who come; or places for the one firm alone."""
    params = view.parameters
    for staff in _staff(question, institutions):
        for s, service in enumerate(SERVICES):
            if (aimed and s == MEETING) or (s < TEST and not lessons_each(s, params)):
                continue
            doses: tuple[float, ...] = _UNITS if question.alone else _EVENTS_OF_ALL
            spans = _spans(question)
            unit, named = say(_EVENTS_SAID[service]), _BY_STAFF
            if aimed:  # events that there are for a single member (I8)
                most = float(params.services.most) / float(params.services.firms[s])
                doses = tuple(n for n in _EVENTS if n <= most) or (most,)
                doses = (1,) if s == TEST else doses
                unit = unit if s == VISIT else say("places in {what}", what=unit)
            elif question.alone:
                named = _BY_STAFF_FOR_ALL
                spans = tuple(span for span in spans if span >= QUARTERS)
            title = say(named, what=unit, staff=staff.title)
            make = _taught_by(question, view, staff, s, title, aimed)
            yield Offer(title, unit, doses, spans, make, whole=doses[0] >= 1)


def _taught_by(
    question: Question, view: RunView, staff: HelpingStaff, s: int, title: str, aimed: bool
) -> Callable[[float, int], Help]:
    row = len(question.scenario.institutions)  # after those that the world has
    params, like = view.parameters, staff.like
    cost = float(cost_of_event(like, s, params))
    share = 1.0 / float(params.services.firms[s]) if aimed else 1.0
    level = float(like.certifies) or float(view.chains[question.chain].entry_standard)
    first = question.rows[0]

    def give(view: RunView, tick: int) -> float:
        if aimed and question.there(view.firms[first]):
            view.firms.members[first] |= 1 << row
        staff.know_the_same(view, row)
        return 0.0

    def make(dose: float, quarters: int) -> Help:
        open_to = 0.0 if aimed else 1.0
        body = {
            "reach": [question.home],
            "hour_price": float(like.hour_price),
            "experiential": float(like.experiential),
            "budget": dose * cost,
            "services": {name: float(name == SERVICES[s]) for name in SERVICES},
            "certifies": level if s == TEST else 0.0,
            "opens": question.start,
            "closes": question.start + quarters,
            "access": {"inclusive": True, "quota": open_to, "take_up": open_to},
        }
        return Help(
            title, dose, quarters, dose * cost * share * quarters, {f"institutions.{NAME}": body},
            give, lambda view, hours: float(view.institutions[row].spent) * share,
        )  # fmt: skip

    return make


def _of_instruments(question: Question, view: RunView) -> Iterator[Offer]:
    """Instruments, which are for a whole community; grants to one firm are among ``_of_one_firm``."""
    params = view.parameters
    row = len(question.scenario.instruments)
    places = int(view.communities[question.community].places)
    for kind, title, unit, price, doses in (
        (EXPORT_PROMOTION, say("export promotion"), say("of a full programme"),
         params.export_promotion.cost * places, _SHARES),
        (SUPPLIER_DEVELOPMENT, say("supplier development"), say("suppliers"),
         params.supplier_development.cost, _UNITS),
        (CONSORTIUM, say("brokered projects"), say("ties"), params.joint_action.broker, _UNITS),
        (GRANTS, say("matching grants"), say("grants"), params.grants.grant, _EVENTS_OF_ALL),
    ):  # fmt: skip
        if price <= 0.0 or (kind == GRANTS and question.alone):
            continue
        whom = say("{what}, for all of its community", what=title) if question.alone else title
        make = _instrument(question, row, kind, float(price), whom)
        spans = tuple(span for span in _spans(question) if span >= QUARTERS)
        yield Offer(whom, unit, doses, spans, make, whole=kind != EXPORT_PROMOTION)


def _instrument(
    question: Question, row: int, kind: int, price: float, title: str
) -> Callable[[float, int], Help]:
    def make(dose: float, quarters: int) -> Help:
        instrument = {
            "kind": INSTRUMENTS[kind],
            "communities": [question.home],
            "budget": dose * price,
            "first": question.start,
            "last": question.start + quarters - 1,
        }
        return Help(
            title, dose, quarters, dose * price * quarters, {f"instruments.{NAME}": instrument},
            spent=lambda view, hours: float(view.instruments[row].spent),
        )  # fmt: skip

    return make


def _of_one_firm(question: Question, view: RunView, institutions: np.recarray) -> Iterator[Offer]:
    """Money, projects that are paid for, and membership, for the firm alone."""
    (at,) = question.rows
    params = view.parameters
    community = view.communities[question.community]
    sector = view.sectors[community.sector]
    lesson = float(cost_of_lesson(view.firms[at], MACHINERY, sector, community, params))
    if lesson > 0.0:
        doses = tuple(lesson * 2**n for n in range(_DOUBLINGS))
        yield Offer(say(IN_HANDS), say("units of account, once"), doses, (1,), _money(question, at),
                    whole=False)  # fmt: skip
    grant = float(params.grants.grant)
    if grant > 0.0:
        yield Offer(say(PROJECTS), say("project"), (1,), _spans(question),
                    _projects(question, at, grant))  # fmt: skip
    for row, key in enumerate(question.scenario.institutions):
        house = institutions[row]
        member = int(view.firms[at].members) >> row & 1
        if house.reach[question.community] and is_open(house, question.start) and not member:
            title = say(
                "membership of {institution}, fee and staff paid for",
                institution=institution_title(question.scenario, key),
            )
            left = question.ticks - question.start
            price = float(dues(view.firms[at], house)) * left
            yield Offer(
                title,
                say("membership"),
                (1,),
                (left,),
                _membership(question, at, row, title, price),
            )


def _money(question: Question, at: int) -> Callable[[float, int], Help]:
    def make(dose: float, quarters: int) -> Help:
        def give(view: RunView, tick: int) -> float:
            firm = view.firms[at]
            if not question.there(firm):
                return 0.0
            write_firm(firm, {"resources": float(firm.resources) + dose})
            return dose

        return Help(IN_HANDS, dose, quarters, dose * quarters, give=give)

    return make


def _projects(question: Question, at: int, grant: float) -> Callable[[float, int], Help]:
    """The firm applies by the rules of grants (P1), and its project is always among those paid."""

    def give(view: RunView, tick: int) -> float:
        firm, params = view.firms[at], view.parameters
        sector = view.sectors[view.communities[firm.community].sector]
        if not (
            question.there(firm) and can_match(firm, params) and worth_it(firm, sector, params)
        ):
            return 0.0
        firm.project = project(firm, sector, params)
        return grant

    def make(dose: float, quarters: int) -> Help:
        return Help(PROJECTS, dose, quarters, grant * quarters, give=give)

    return make


def _membership(
    question: Question, at: int, row: int, title: str, price: float
) -> Callable[[float, int], Help]:
    """A place as a member whatever the rules; its cost: the fee, and the staff's time that it takes."""

    def make(dose: float, quarters: int) -> Help:
        def give(view: RunView, tick: int) -> float:
            firm, house = view.firms[at], view.institutions[row]
            if not question.there(firm) or not is_open(house, tick):
                return 0.0
            fee = float(dues(firm, house))
            firm.members |= 1 << row
            write_firm(firm, {"resources": float(firm.resources) + fee})
            return fee

        def spent(view: RunView, hours: float) -> float:
            return hours * float(view.institutions[row].hour_price)

        return Help(title, dose, quarters, price, give=give, spent=spent)

    return make


def _outright(question: Question, view: RunView, institutions: np.recarray) -> Offer:
    """The practices that the firm lacks; in a community, all that the firms nearest the standard lack."""
    chain, params = view.chains[question.chain], view.parameters
    community = view.communities[question.community]
    sector = view.sectors[community.sector]
    staff = _staff(question, institutions)[0]
    events = max(1, int(lessons_each(VISIT, params)))
    hour = float(cost_of_event(staff.like, VISIT, params)) / events

    def price(practices: Sequence[LackingPractice]) -> float:
        total = 0.0
        for practice in practices:
            sold = [
                float(local_price(channel, sector, community, params))
                for channel in SELLERS
                if int(sector.holds[practice.kind, channel - ENGINEERING]) >> practice.bit & 1
            ]
            total += min((*sold, hour))
        return total

    def lacking(view: RunView, dose: float) -> list[tuple[int, tuple[LackingPractice, ...]]]:
        chain = view.chains[question.chain]
        found = [
            (row, shortfall(view.firms[row], chain, view.parameters))
            for row in question.rows
            if question.there(view.firms[row])
        ]
        if question.alone:
            return [(row, practices[: int(dose)]) for row, practices in found]
        return sorted(found, key=lambda pair: len(pair[1]))[: int(dose)]

    def make(dose: float, quarters: int) -> Help:
        def give(view: RunView, tick: int) -> float:
            cost = 0.0
            for row, practices in lacking(view, dose):
                cost += price(practices)
                for practice in practices:
                    teach(view.firms[row], practice)
            return cost

        planned = sum(price(practices) for _, practices in lacking(view, dose))
        return Help(OUTRIGHT, dose, quarters, planned, give=give)

    if not question.alone:
        return Offer(say(OUTRIGHT), say("firms"), (float(question.wanted),), (1,), make)
    most = max(1, len(shortfall(view.firms[question.rows[0]], chain, params)))
    doses = {min(most, 2**n) for n in range(most.bit_length() + 1)}
    return Offer(say(OUTRIGHT), say("practices"), tuple(sorted(map(float, doses))), (1,), make)
