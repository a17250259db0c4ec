"""What a scenario file may say: every key with its unit, range and default.

A scenario is a frozen tree of pydantic models. Named things (sectors, communities, chains,
institutions) are tables keyed by name, so that an overlay can change one of them. Cross-references
are checked here; the theory's parameters come from ``model.parameters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from model.parameters import MECHANISMS, Parameters, Section
from model.scenario.changes import change_of, misfits_on_the_way
from model.scenario.faults import (
    Fault,
    InputError,
    Misfit,
    MisfitError,
    parse_key,
    show_value,
)
from model.scenario.files import Document, parse_document, with_value
from model.scenario.references import MOST, misfits_between
from model.scenario.toml import UnusableError
from model.theory.access import PARTICIPANTS
from model.theory.board import PARTIES, VOTES
from model.theory.instruments import INSTRUMENTS
from model.theory.interaction import SOURCES
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class ByDimension(Section):
    """A share for each kind of upgrading."""

    process: Share
    product: Share
    functional: Share
    intersectoral: Share

    def numbers(self) -> tuple[float, float, float, float]:
        """The four numbers in the order of the dimensions."""
        return self.process, self.product, self.functional, self.intersectoral


class Holdings(Section):
    """Share of all practices of a dimension that each source of knowledge in the sector holds."""

    engineering: Share = Field(0.0, description="own engineering can find it out")
    machinery: Share = Field(0.0, description="embodied in machinery and its suppliers' service")
    inputs: Share = Field(0.0, description="held by local suppliers of inputs and components")
    laboratory: Share = Field(
        0.0, description="held by research institutes, universities, extension"
    )
    user: Share = Field(0.0, description="held by advanced users and clients")
    consultant: Share = Field(0.0, description="for sale from consultants and brokers")
    buyer: Share = Field(
        0.0, description="held by lead firms; for process and product, the standard"
    )

    def numbers(self) -> tuple[float, ...]:
        """The shares in the order of ``SOURCES``."""
        return tuple(getattr(self, source) for source in SOURCES)


class HoldingsByDimension(Section):
    """Which source holds which share of the practices of each dimension."""

    process: Holdings
    product: Holdings
    functional: Holdings
    intersectoral: Holdings


class Sector(Section):
    """A way of learning (GPR05 Tables 1 and 4): data, never an ``if`` in the code."""

    title: str = Field(description="what to call it in tables and figures")
    source: str = Field(description="where the numbers come from")
    tacitness: ByDimension = Field(description="share of how that can't be written down, 0-1")
    holds: HoldingsByDimension = Field(description="share of practices that each source holds, 0-1")
    appropriability: Share = Field(description="how far others are kept from copying, 0-1")
    start: ByDimension = Field(
        description="share of the practices of rung 1 that a founder masters on average"
    )
    start_fall: Share = Field(
        0.2, description="what a founder masters on a rung over what it masters on the rung below"
    )
    start_spread: Share = Field(
        0.5, description="founders differ: quality is uniform in 1 - spread to 1 + spread"
    )
    pace: float = Field(
        1.0, ge=0, le=10, description="how fast practices are overtaken, times the theory's pace"
    )
    imports: Share = Field(
        0.3, lt=1, description="share of the home market that imports have at the start"
    )
    rivals: float = Field(
        0.3,
        ge=0,
        le=2,
        description="what importers offer at home: capability, and the share of wages they save",
    )
    rivals_rise: float = Field(
        0.0, ge=-1, le=1, description="what that offer rises by a year: rivals learn, or save wages"
    )
    entry_standard: Share = Field(
        description="capability that buyers ask of an entrant: share of process, product practices"
    )
    local_inputs: Share = Field(
        description="share of inputs that the trade buys locally where it can"
    )
    open_laboratory: Share = Field(
        0.15, description="access to laboratories of a firm that belongs to no association, 0-1"
    )
    machinery_price: float = Field(
        0.05, ge=0, le=100, description="price of a lesson from machinery, units of account"
    )
    consultant_price: float = Field(
        0.15, ge=0, le=100, description="price of a lesson from a consultant, units of account"
    )


class Large(Section):
    """The large firms of a community, beside its small ones; plants of a leader are as large."""

    firms: int = Field(0, ge=0, le=1000, description="large firms at the start")
    workers: float = Field(250, ge=1, le=100_000, description="workers of each")
    capability: Share = Field(
        0.4, description="share of all process and product practices mastered at the start"
    )
    foreign: Share = Field(0.0, description="share of them owned from abroad (F6)")
    plants: dict[Name, Annotated[int, Field(ge=0, le=1000)]] = Field(
        {}, description="plants of a leader, a number a chain (F6)"
    )


class Community(Section):
    """A producer locality: its firms, their ties and trust, and what being there offers."""

    title: str = Field("", description="what to call it in tables and figures; default: its key")
    sector: Name = Field(description="key of its sector under [sectors]")
    firms: int = Field(80, ge=1, le=2_000_000, description="small firms at the start and at most")
    workers: float = Field(15, gt=0, le=10_000, description="mean workers a firm; sizes are skewed")
    large: Large = Field(default_factory=Large, description="large firms and leaders' plants")
    foreign: Share = Field(0.0, description="share of small firms owned from abroad (F6)")
    start: ByDimension | None = Field(None, description="overrides the sector's start")
    repertoire: float = Field(
        0.5,
        gt=0,
        le=1,
        description="share of the trade's practices that anybody here may start with, 0-1; 1: "
        "communities start with no knowledge of their own",
    )
    topology: Literal["small_world", "poles", "random", "star", "none"] = Field(
        "small_world", description="shape of the local ties between producers"
    )
    ties: float = Field(6, ge=0, le=100, description="mean local ties a firm")
    rewiring: Share = Field(
        0.1, description="small world: share of ties that reach across town; poles: to another pole"
    )
    poles: int = Field(
        2,
        ge=1,
        le=1000,
        description="groups of firms, each a small world, where the topology is poles",
    )
    trust: Share = Field(0.3, description="trust between producers at the start, 0-1")
    backward: Share = Field(0.3, description="trust between firms and local suppliers, 0-1")
    forward: Share = Field(0.3, description="trust between firms and their traders or users, 0-1")
    labour_mobility: Share = Field(0.3, description="openings filled from local firms, 0-1")
    local_inputs: Share = Field(0.5, description="inputs of the trade that can be had locally, 0-1")
    local_machines: Share = Field(
        0.0,
        description="machines of the trade that are made here, whose makers teach at no price (C1)",
    )
    information: Share = Field(0.5, description="how well informed of fairs and standards, 0-1")
    market_access: Share = Field(
        0.3, description="chance a year that a firm and a given buyer find each other"
    )
    associated: Share = Field(
        0.3, description="share of firms in the local association at the start, 0-1"
    )

    @property
    def places(self) -> int:
        """Firms at most: small ones, then large ones, then plants."""
        return self.firms + self.large.firms + sum(self.large.plants.values())


class Asks(Section):
    """What a lead firm asks of an entrant by kind of upgrading, beside the entry standard."""

    process: Share = Field(0.0, description="share of the process practices of its standard")
    product: Share = Field(0.0, description="share of the product practices of its standard")


class Chain(Section):
    """A lead firm and the chain that it governs."""

    title: str = Field("", description="what to call it; default: its key")
    governance: Literal[GOVERNANCE] = Field(
        description="how the chain is governed (GPR05 section 2)"
    )
    reach: Literal[REACH] = Field("global", description="where it sells")
    communities: tuple[Name, ...] = Field((), description="where it buys; default: everywhere")
    orders: Share = Field(
        0.3,
        description="suppliers it wants at the start, as a share of all places for firms where it buys",
    )
    entry_standard: Share | None = Field(
        None, description="overrides the sector's entry standard, 0-1"
    )
    asks: Asks = Field(
        default_factory=Asks, description="asked of an entrant by kind, beside the entry standard"
    )
    particular: Share = Field(
        0.0,
        description="share of its standard that is its own, so that several buyers ask different things",
    )
    demand_growth: float = Field(
        0.0, ge=-1, le=1, description="growth a year of what it wants to buy"
    )
    outside_rise: float = Field(
        0.0, ge=-1, le=1, description="what the offer of suppliers abroad rises by a year"
    )
    outside: Share | None = Field(
        None,
        description="offer of suppliers abroad as the leader sees it, 0-1 (G6); default: what its "
        "suppliers offer at the start",
    )
    price: float = Field(1.0, ge=0, le=100, description="price level; a devaluation raises it")


class Access(Section):
    """Who may use an institution (I3)."""

    inclusive: bool = Field(
        False, description="goes to every firm; nobody is kept out by rule or fee"
    )
    fee: float = Field(0.0, ge=0, le=100, description="fee of a member, units of account a quarter")
    levy: Share = Field(
        0.0, description="share of a member's value added that is collected beside the fee"
    )
    largest: float = Field(
        1e6, gt=0, le=1e6, description="workers of a firm that may join, at most"
    )
    chains: tuple[Name, ...] = Field(
        (), description="chains of which a firm must supply one to join; default: none"
    )
    minimum_capability: Share = Field(
        0.0, description="share of process and product practices a member must master"
    )
    quota: Share = Field(1.0, description="most members, as a share of all firms reached")
    participants: Literal[PARTICIPANTS] = Field(
        "open",
        description="who gets a place where there are not enough: who comes (open), the ablest "
        "(chosen), by lot (drawn), by lot among those who want to learn (self_selected)",
    )
    take_up: float = Field(
        1.0, ge=0, le=100, description="times the usual chance to join in a year"
    )


Seats = Annotated[int, Field(ge=0, le=1000)]


class Board(Section):
    """Who governs an institution: seats by party, how they vote, whether they invest (I4)."""

    government: Seats = Field(1, description="seats of the government")
    home_association: Seats = Field(0, description="seats of the association of the home community")
    associations: Seats = Field(
        0, description="seats of the associations of all communities together"
    )
    lead_firms: Seats = Field(0, description="seats of lead firms")
    vote: Literal[VOTES] = Field(
        "proportional", description="seats take turns in proportion, or the largest bench decides"
    )
    joint_investment: float = Field(
        0.0,
        ge=0,
        le=10,
        description="money that the other parties add, as a share of public money if all seats "
        "were theirs",
    )

    @model_validator(mode="after")
    def _somebody_sits(self) -> Board:
        if sum(self.seats()) == 0:
            allowed = "a board needs at least one seat"
            raise MisfitError(Misfit(("government",), allowed, "write government = 1"))
        return self

    def seats(self) -> tuple[int, ...]:
        """Seats in the order of ``PARTIES``."""
        return tuple(getattr(self, party) for party in PARTIES)

    def shares(self) -> tuple[float, ...]:
        """Share of the votes of each party, after the rule of voting; a tie goes to the first."""
        seats = self.seats()
        if self.vote == "majority":
            first = seats.index(max(seats))
            return tuple(float(i == first) for i in range(len(seats)))
        return tuple(seat / sum(seats) for seat in seats)


class Services(Section):
    """How an institution shares out its money over services (I8); normalised to 1."""

    visit: Share = Field(1.0, description="staff visit one firm")
    course: Share = Field(0.0, description="many firms are taught in a classroom")
    group: Share = Field(0.0, description="a few firms of one region go through each other's shops")
    demonstration: Share = Field(0.0, description="a machine or method is shown at work")
    test: Share = Field(0.0, description="a firm is tested and, if it passes, certified (I6)")
    meeting: Share = Field(0.0, description="firms meet and learn from each other (I5)")

    def shares(self) -> tuple[float, ...]:
        """The shares in the order of ``SERVICES``, summing to 1."""
        given = (self.visit, self.course, self.group, self.demonstration, self.test, self.meeting)
        total = sum(given)
        return tuple(share / total for share in given) if total else given


class Institution(Section):
    """A bridging institution, association or laboratory."""

    title: str = Field("", description="what to call it; default: its key")
    source: str = Field("", description="what the design is drawn from")
    reach: tuple[Name, ...] = Field((), description="communities that it serves; default: all")
    access: Access = Field(default_factory=Access, description="who may use it")
    experiential: Share = Field(
        1.0, description="share of visits that teach experiential knowledge; the rest is pioneering"
    )
    board: Board = Field(default_factory=Board, description="who governs it (I4)")
    home: Name | None = Field(
        None, description="community of the association that governs it; default: the first reached"
    )
    budget: float = Field(
        0.0, ge=0, le=1e9, description="public money in all, units of account a quarter"
    )
    hour_price: float = Field(
        0.03, gt=0, le=1e6, description="what an hour of the staff costs, units of account"
    )
    services: Services = Field(
        default_factory=Services, description="share of the money for each service (I8)"
    )
    expertise: Share = Field(
        0.1,
        description="share of the practices of rungs 1 and 2 that staff bring of their own, "
        "hired, trained or from abroad",
    )
    donor: float = Field(
        0.0, ge=0, le=1e9, description="money from abroad, units of account a quarter"
    )
    opens: int = Field(0, ge=0, le=100_000, description="first quarter")
    closes: int = Field(100_000, ge=0, le=100_000, description="quarter in which it is closed")
    certifies: Share = Field(
        0.0, description="capability that its certificate attests; 0: it does not certify (I6)"
    )


class Instrument(Section):
    """A policy instrument other than an institution, paid with public money."""

    title: str = Field("", description="what to call it; default: its key")
    source: str = Field("", description="what it is drawn from")
    kind: Literal[INSTRUMENTS] = Field(description="what the money is for (P1-P4)")
    communities: tuple[Name, ...] = Field((), description="where it applies; default: everywhere")
    budget: float = Field(
        ge=0, le=1e9, description="public money in all, units of account a quarter"
    )
    participants: Literal[PARTICIPANTS] = Field(
        "chosen",
        description="who gets a grant where there are not enough: the ablest (chosen), by lot (drawn, "
        "open), by lot among those who want to learn (self_selected)",
    )
    quota: Share = Field(
        1.0, description="most firms that get grants in all, as a share of places where it applies"
    )
    first: int = Field(0, ge=0, le=100_000, description="first quarter of the programme")
    last: int = Field(100_000, ge=0, le=100_000, description="last quarter of the programme")


class TiesBetween(Section):
    """Ties between the producers of two communities at the start."""

    between: tuple[Name, Name] = Field(description="the two communities")
    ties: float = Field(0.0, ge=0, le=20, description="mean ties a firm of either to the other")
    trust: Share = Field(0.2, description="trust on these ties at the start, 0-1")


class Across(Section):
    """Ties between producers of different communities at the start."""

    ties: float = Field(0.0, ge=0, le=20, description="mean ties a firm to other communities")
    trust: Share = Field(0.2, description="trust on these ties at the start, 0-1")
    pairs: dict[Name, TiesBetween] = Field(
        {}, description="pairs of communities with ties of their own instead, by name"
    )


class Change(Section):
    """An event on the timetable: what changes at the start of a quarter.

    Liberalisation, a devaluation, a lead firm's arrival or exit, a rival country, a reform: all are
    changes of what sectors, communities, chains, institutions and instruments are like.
    """

    title: str = Field("", description="what happens")
    tick: int = Field(ge=0, le=100_000, description="quarter")
    sectors: dict[Name, change_of(Sector)] = Field({}, description="changes by sector")
    communities: dict[Name, change_of(Community)] = Field({}, description="changes by community")
    chains: dict[Name, change_of(Chain)] = Field({}, description="changes by chain")
    institutions: dict[Name, change_of(Institution)] = Field(
        {}, description="changes by institution"
    )
    instruments: dict[Name, change_of(Instrument)] = Field({}, description="changes by instrument")
    across: change_of(Across) | None = Field(None, description="changes of ties across")


class Run(Section):
    """How long, how often and with which random numbers."""

    ticks: int = Field(
        80,
        ge=1,
        le=100_000,
        description="quarters to simulate; 80 are the twenty years up to the field work of GPR05",
    )
    replicates: int = Field(20, ge=1, le=10_000_000, description="runs with independent draws")
    seed: int = Field(1, ge=0, le=2**62, description="seed of all random draws, a whole number")


class Scenario(Section):
    """A world to simulate: validated, complete and frozen."""

    title: str = Field(description="one line that says what world this is")
    description: str = Field("", description="what it is about, for reports")
    source: str = Field("", description="what it is drawn from")
    run: Run = Field(default_factory=Run, description="horizon, replicates, seed")
    sectors: dict[Name, Sector] = Field(min_length=1, description="ways of learning, by name")
    communities: dict[Name, Community] = Field(
        min_length=1, max_length=MOST, description="producer communities, by name"
    )
    chains: dict[Name, Chain] = Field({}, max_length=1000, description="value chains, by name")
    institutions: dict[Name, Institution] = Field(
        {}, max_length=MOST - 1, description="institutions, by name"
    )
    instruments: dict[Name, Instrument] = Field(
        {}, max_length=MOST, description="policy instruments, by name"
    )
    timetable: dict[Name, Change] = Field(
        {}, max_length=1000, description="what changes on the way, by name"
    )
    across: Across = Field(default_factory=Across, description="ties between communities")
    neutral: tuple[Literal[MECHANISMS], ...] = Field(
        (), description="mechanisms put to their neutral case"
    )
    parameters: Parameters = Field(
        default_factory=Parameters, description="numbers of the theory, a section a mechanism"
    )

    @field_validator("neutral")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        doubled = [i for i, name in enumerate(names) if name in names[:i]]
        if doubled:
            raise MisfitError(*(Misfit((i,), "is named twice", "name it once") for i in doubled))
        return names

    @model_validator(mode="after")
    def _references(self) -> Scenario:
        misfits = [*misfits_between(self)]
        if len(self.communities) + len(self.institutions) > MOST:
            allowed = f"communities and institutions together must be at most {MOST}"
            misfits.append(Misfit(("institutions",), allowed, "split the world"))
        if not misfits:
            misfits = [*misfits_on_the_way(self)]
        if misfits:
            raise MisfitError(*misfits)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as text: classes of its parts are made at run time and can't be looked up."""
        return _unpickled, (self.model_dump_json(by_alias=True, exclude_none=True),)

    def seeded(self, seed: int) -> Scenario:
        """This scenario with another seed of its runs."""
        return self.model_copy(update={"run": self.run.model_copy(update={"seed": seed})})

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """This scenario with values by key, ``{"across.ties": 0.3}``, validated as a whole.

        What ``--set`` is on the command line. Raises InputError with one line a fault.
        """
        origin = Path("with_values")
        data = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        document = Document(data, origin, (), {})
        for key, value in values.items():
            try:
                document = with_value(document, parse_key(key), _plain(value), origin)
            except IndexError:
                wrong = "the list has no such position"
                raise InputError(Fault(str(origin), key, show_value(value), wrong)) from None
            except (TypeError, ValueError, UnusableError) as error:
                raise InputError(Fault(str(origin), str(key), "", str(error))) from None
        return parse_document(document, Scenario)


def _unpickled(text: str) -> Scenario:
    return Scenario.model_validate_json(text, strict=True)


def _plain(value: Any) -> Any:
    """A value as TOML has it, NumPy's numbers and tuples too; TypeError for any other thing."""
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | int | float | str):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    raise TypeError(f"a {type(value).__name__} is no number, text, switch, list or table")
