"""The tables of a world: record types, with unit and meaning of each column.

An ensemble lays many worlds end to end in the same tables; the row of ``RUN`` says where each one
stands. References between tables count from the start of the run's own slice, so that a world reads
the same wherever it stands. Masks are int64 with 48 bits (``model.theory.practices``).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from model.parameters import INSTRUMENTS
from model.scenario.references import COMMUNITIES
from model.theory.access import ASSOCIATION
from model.theory.board import PARTIES
from model.theory.interaction import CHANNELS, SOURCES
from model.theory.practices import DIMENSIONS, PRACTICES, RUNGS
from model.theory.services import SERVICES
from model.theory.support import GOVERNANCE

D = len(DIMENSIONS)
CONTRACTS = 2  # chains that one firm can supply at a time
STAFFED = ASSOCIATION  # institutions of one world that are no associations, at most
NOBODY = -1

FIRM = np.dtype(
    [
        # what neighbours, hires and lots look at, in the fewest lines of the processor's cache
        ("mastered", "i8", (D,)),  # masks: knows how
        ("place", "i4"),  # number within the community
        ("community", "i2"),  # row of the community
        ("parent", "i2"),  # row of the chain whose plant it is, or NOBODY
        ("contract", "i2", (CONTRACTS,)),  # rows of the chains it supplies, or NOBODY
        ("active", "i1"),  # 1 in business, 0 place vacant
        ("road", "i1"),  # HIGH or LOW
        ("ownership", "i1"),  # of OWNERSHIP
        ("dimension", "i1"),  # the kind of upgrading it attended to last
        # what only the firm itself needs
        ("aware", "i8", (D,)),  # masks: knows what
        ("members", "i8"),  # bits: institutions of which it is a member, by row; ASSOCIATION (C2)
        ("programmes", "i8"),  # bits: instruments in which it took part since it was founded
        ("resources", "f8"),  # units of account
        ("wage", "f8"),  # units of account per worker and quarter
        ("value_added", "f8"),  # units of account per worker and quarter
        ("backward", "f8"),  # trust in joint action with local suppliers, 0-1
        ("forward", "f8"),  # trust in joint action with traders and users, 0-1
        ("progress", "f8"),  # practices mastered a quarter, by the owner's record
        ("certified", "f8"),  # capability that its certificate attests, 0-1; 0 has none
        ("workers", "f8"),  # workers
        ("home", "f8"),  # sold at home, amount a quarter
        ("order", "f8", (CONTRACTS,)),  # sold into each chain, amount a quarter
        ("hours", "f8"),  # of institutions' staff, since it was founded
        ("in_use", "f8"),  # share of its value added that its orders let it make, 0-1
        ("pressed", "f8"),  # pressure to upgrade, 0-1 (F5)
        ("since", "i4", (CONTRACTS,)),  # tick at which each contract was signed
        (
            "served",
            "i4",
        ),  # tick of the last event with lessons of an institution that it took part in
        ("born", "i4"),  # tick of entry; place and tick name a firm for good
        ("distress", "i2"),  # quarters of losses without resources, in a row
        ("project", "i1"),  # kind of upgrading of a project that is paid this quarter, or NOBODY
        ("promoted", "i1"),  # 1 if an export programme takes it abroad this quarter
    ],
    align=True,
)

LOCAL, ACROSS, FORUM, SPARE = range(4)
TIE_KINDS = ("local", "across", "forum")
TIE = np.dtype(
    [
        ("trust", "f8"),  # 0-1, the same for both ends
        ("usual", "f8"),  # trust at which the tie started
        ("a", "i4"),  # row of one firm
        ("b", "i4"),  # row of the other
        ("owed", "i4"),  # lessons that a gave to b less those that b gave to a
        ("lent", "i4"),  # the same, of this quarter
        ("met", "i2"),  # meetings this quarter
        ("paid", "i2"),  # meetings this quarter in which somebody learned
        ("kept", "i2"),  # meetings of the quarter that is over
        (
            "kind",
            "i1",
        ),  # LOCAL, ACROSS, FORUM (made by an institution); SPARE is room for ties to come
    ],
    align=True,
)

CHAIN = np.dtype(
    [
        ("holds", "i8", (D,)),  # masks: process and product the standard, functional the core
        ("communities", "i1", (COMMUNITIES,)),  # 1: where it buys
        ("entry_standard", "f8"),  # capability asked, 0-1
        ("asks", "f8", (2,)),  # share of its standard asked of an entrant, process and product, 0-1
        ("particular", "f8"),  # share of its standard that is its own, 0-1
        ("growth", "f8"),  # of what it wants to buy, share a year
        ("grown", "f8"),  # by how much that has grown since the start, share
        ("outside_rise", "f8"),  # of the offer of suppliers abroad, a year
        ("outside", "f8"),  # offer of suppliers abroad; below 0: that of its suppliers at the start
        ("price", "f8"),  # price level, 1 at the start
        ("exchange", "f8"),  # what money from abroad is worth here, 1 at the start
        ("first_order", "f8"),  # what it orders of a new supplier, amount a quarter
        ("amount", "f8"),  # what it wants to buy here, amount a quarter
        ("first_amount", "f8"),  # the same at the start
        ("pull", "f8"),  # what the chain that it follows buys here, as a share of that at the start
        ("ordered", "f8"),  # what it has ordered here, amount a quarter
        ("offered", "f8"),  # mean offer of its suppliers, weighted by orders
        ("favoured_from", "f8"),  # capability from which it works with a supplier, 0-1
        ("aid", "f8", (len(INSTRUMENTS),)),  # what instruments leave this quarter for rules to read
        ("orders", "i4"),  # first orders that it places here at the start
        ("suppliers", "i4"),  # suppliers it has
        ("follows", "i4"),  # row of the chain whose suppliers are its buyers, or NOBODY
        ("governance", "i1"),  # of GOVERNANCE
        ("reach", "i1"),  # of REACH
        ("steered", "i1"),  # 1 if it once was a quasi-hierarchy
    ],
    align=True,
)

INSTITUTION = np.dtype(
    [
        ("repository", "i8", (D,)),  # masks: practices gathered
        ("reach", "i1", (COMMUNITIES,)),  # 1: whom it serves
        ("gathered", "i1", (COMMUNITIES,)),  # 1: of whom it gathered practice
        ("contributors", "i4"),  # communities of whom it gathered practice
        ("seats", "f8", (len(PARTIES),)),  # share of the board's votes, by party
        ("joint_investment", "f8"),  # what others add to public money where they govern, share
        ("certifies", "f8"),  # capability that it attests, 0-1; 0 if it does not certify
        ("experiential", "f8"),  # share of visits, 0-1
        ("fee", "f8"),  # units of account a quarter
        ("levy", "f8"),  # share of a member's value added collected besides, 0-1
        ("largest", "f8"),  # workers of a firm at most, to join
        ("for_chains", "i8"),  # bits: chains of which a firm must supply one to join; 0 if none
        ("minimum_capability", "f8"),  # 0-1
        ("budget", "f8"),  # public, units of account a quarter
        ("hour_price", "f8"),  # units of account
        ("hours", "f8", (len(SERVICES),)),  # share of money by service, 0-1
        ("expertise", "i8", (D,)),  # masks: what staff bring of their own
        ("donor", "f8"),  # money from abroad, units of account a quarter
        ("take_up", "f8"),  # times the usual chance to join
        ("opens", "i4"),  # first quarter
        ("closes", "i4"),  # quarter after the last
        ("chooses", "i1"),  # of PARTICIPANTS
        ("fees", "f8"),  # collected last quarter, units of account
        ("spent", "f8"),  # in all this quarter, units of account
        ("quota", "i4"),  # members at most
        ("count", "i4"),  # members now
        ("home", "i4"),  # row of the community of the association that governs it
        ("inclusive", "i1"),  # 1 if nobody is kept out
        ("association", "i1"),  # 1 for the local association of a community, which has no staff
    ],
    align=True,
)

COMMUNITY = np.dtype(
    [
        ("repertoire", "i8", (D,)),  # masks: practices that somebody here may start with
        ("start", "f8", (D,)),  # share of the practices of rung 1 that founders master
        ("repertoire_share", "f8"),  # share of all practices in the repertoire, 0-1
        ("workers", "f8"),  # mean workers of a founder
        ("trust", "f8"),  # usual trust between producers, 0-1
        ("backward", "f8"),  # usual trust with local suppliers, 0-1
        ("forward", "f8"),  # usual trust with traders and users, 0-1
        ("labour_mobility", "f8"),  # 0-1
        ("local_inputs", "f8"),  # 0-1
        ("local_machines", "f8"),  # machines of the trade that are made here, 0-1
        (
            "purchases",
            "f8",
        ),  # off the price of machines and advice, for members of the association, 0-1
        ("information", "f8"),  # 0-1
        ("aid", "f8", (len(INSTRUMENTS),)),  # what instruments leave this quarter for rules to read
        ("market_access", "f8"),  # chance a year and buyer
        ("large_workers", "f8"),  # workers of a large firm
        (
            "large_capability",
            "f8",
        ),  # share of process and product that it masters at the start, 0-1
        ("large_foreign", "f8"),  # share of large firms owned from abroad, 0-1
        ("foreign", "f8"),  # share of small firms owned from abroad, 0-1
        (
            "small",
            "i4",
        ),  # places of small firms at the start; large firms and plants come after, then room
        ("sector", "i4"),  # row of the sector
        ("first", "i4"),  # row of its first firm
        ("founders", "i4"),  # firms at the start; places after them are vacant then
        ("places", "i4"),  # firms at most
    ],
    align=True,
)

SECTOR = np.dtype(
    [
        ("holds", "i8", (D, len(SOURCES))),  # masks: practices that each source holds
        ("own", "i8", (D, len(SOURCES))),  # masks: those it holds when it is up to date
        ("known", "i8", (D,)),  # masks: practices that some source holds
        ("tacitness", "f8", (D,)),  # 0-1
        ("pace", "f8"),  # of renewal, times that of the theory
        ("imports_start", "f8"),  # share of the home market, 0-1
        ("rivals", "f8"),  # offer of importers at home
        ("rivals_rise", "f8"),  # of that offer, a year
        ("home_growth", "f8"),  # of demand at home, share a year
        ("exchange", "f8"),  # what money from abroad is worth here, 1 at the start
        ("home_demand", "f8"),  # amount a quarter
        ("imports", "f8"),  # amount a quarter
        ("home_price", "f8"),  # price level at home, 1 without imports
        ("start_fall", "f8"),  # from rung to rung
        ("start_spread", "f8"),  # of founders' quality
        ("appropriability", "f8"),  # 0-1
        ("local_inputs", "f8"),  # 0-1
        ("open_laboratory", "f8"),  # 0-1
        ("machinery_price", "f8"),  # units of account
        ("consultant_price", "f8"),  # units of account
    ],
    align=True,
)

INSTRUMENT = np.dtype(
    [
        ("communities", "i1", (COMMUNITIES,)),  # 1: where it applies
        ("budget", "f8"),  # public, units of account a quarter
        ("spent", "f8"),  # this quarter, units of account
        ("first", "i4"),  # first quarter
        ("last", "i4"),  # last quarter
        ("quota", "i4"),  # firms that may take part in all
        ("joined", "i4"),  # firms that ever took part, those that closed since among them
        ("kind", "i1"),  # of INSTRUMENTS
        ("chooses", "i1"),  # of PARTICIPANTS
        ("aimed", "i1"),  # 1 if it is for some firms, 0 for all alike; of kinds that can be either
    ],
    align=True,
)

RUN = np.dtype(
    [
        ("firms", "i8", (2,)),  # first row and row after the last, as all of these
        ("ties", "i8", (2,)),
        ("chains", "i8", (2,)),
        ("institutions", "i8", (2,)),
        ("communities", "i8", (2,)),
        ("sectors", "i8", (2,)),
        ("instruments", "i8", (2,)),
        ("series", "i8", (2,)),
        ("parameters", "i8"),  # row
        ("key", "u8"),  # of all draws: seed and replicate
        ("used_ties", "i8"),  # ties in use; the rest of the slice is SPARE
        ("tick", "i8"),  # quarters done
        ("replicate", "i8"),
        ("world", "i8"),  # number of the scenario in the ensemble
    ],
    align=True,
)

LEDGER = np.dtype(
    [
        ("run", "i4"),  # row of the run
        ("tick", "i4"),  # quarter
        ("firm", "i4"),  # row of the firm in its world
        ("born", "i4"),  # tick of the firm's entry
        ("source", "i4"),  # row of the peer, parent, chain or institution; NOBODY for the rest
        ("dimension", "i1"),
        ("practice", "i1"),  # bit 0-47
        ("channel", "i1"),  # of CHANNELS
    ],
    align=True,
)

SIZES = ("1_10", "11_50", "51_250", "over_250")  # classes of firms by workers
LAST_OF_SIZE = (10, 50, 250)  # workers, of all classes but the last
PAID_FOR = ("fees", "lessons", "projects", "meetings")  # what firms pay for learning
FEES, LESSONS, PROJECTS, MEETINGS = range(len(PAID_FOR))
SUM, MEAN = "sum", "mean"
SERIES_COLUMNS: tuple[tuple[Any, ...], ...] = (
    ("levels", SUM, "i4", (D, PRACTICES + 1)),  # firms by number of practices mastered
    (
        "practices",
        SUM,
        "i4",
        (D * PRACTICES + 1,),
    ),  # firms by practices mastered in all four dimensions
    ("rungs", SUM, "i4", (D, RUNGS)),  # firms that stand on rung 1, 2, 3 or above
    ("gained", SUM, "i4", (D, len(CHANNELS))),  # practices mastered this quarter, by channel
    ("firms", SUM, "i4"),  # in business
    ("suppliers", SUM, "i4", (len(GOVERNANCE),)),  # firms by governance of a chain they supply
    ("in_chain", SUM, "i4"),  # firms that supply any chain
    ("exporters", SUM, "i4"),  # firms that supply a global chain
    ("members", SUM, "i4"),  # firms that belong to an association or institution
    ("reached", SUM, "i4"),  # firms that belong to an institution with staff
    ("ties", SUM, "i4"),  # ends of ties
    ("pool", MEAN, "i4"),  # basic practices mastered by a tenth of the firms (of 64)
    ("high_road", SUM, "i4"),  # firms that invest in learning
    ("certified", SUM, "i4"),  # firms with a certificate
    ("entries", SUM, "i4"),
    ("exits", SUM, "i4"),
    ("visits", SUM, "i4"),  # by institutions' staff
    ("local_inputs", MEAN, "f8"),  # share of the trade's inputs to be had locally, 0-1
    ("contact", MEAN, "f8"),  # chance a year to meet some buyer, 0-1
    ("large_firm", MEAN, "f8"),  # value added per worker of a large firm, units of account
    ("trust", SUM, "f8"),  # sum over ends of ties
    ("met", SUM, "i4"),  # sum over ends of ties of meetings this quarter
    ("full_circle", MEAN, "f8"),  # meetings a quarter of a firm with three ties in full trust
    ("backward", SUM, "f8"),  # sum over firms
    ("forward", SUM, "f8"),  # sum over firms
    ("informed", SUM, "f8"),  # sum over firms of the share of the standard known
    ("workers", SUM, "f8"),  # in all
    ("value_added", SUM, "f8"),  # of all workers, units of account
    ("productivity", SUM, "f8"),  # sum over firms of value added per worker
    ("wages", SUM, "f8"),  # of all workers, units of account
    ("sales", SUM, "f8"),  # value sold, units of account
    ("exports", SUM, "f8"),  # value sold into global chains, units of account
    ("sizes", SUM, "i4", (len(SIZES),)),  # firms by size
    ("founders", SUM, "i4"),  # firms in business since the start
    ("places", SUM, "i4"),  # firms at the start
    ("served", SUM, "i4"),  # firms that institutions' staff served within a year
    (
        "hours",
        SUM,
        "f8",
    ),  # of institutions' staff, that firms in business got since they were founded
    # of firms in business before and after the quarter, for the split of productivity
    ("stayed", SUM, "i4"),  # how many
    (
        "stayed_before",
        SUM,
        "f8",
        (3,),
    ),  # sum of value added per worker, workers, value added of all
    ("stayed_after", SUM, "f8", (3,)),  # the same, after the quarter
    ("left", SUM, "f8", (2,)),  # workers and value added of firms that closed, before the quarter
    ("resources", SUM, "f8"),  # sum over firms
    ("public_cost", SUM, "f8"),  # units of account
    (
        "public_by",
        SUM,
        "f8",
        (1 + len(INSTRUMENTS),),
    ),  # the same: institutions, then each instrument
    ("donor_cost", SUM, "f8"),  # money from abroad spent by institutions, units of account
    ("private_cost", SUM, "f8"),  # fees and joint contributions spent, units of account
    ("paid", SUM, "f8", (len(PAID_FOR),)),  # by firms, units of account
)
"""Tallies of a community: name, how those of several communities make that of all, type, shape."""

SERIES = np.dtype([(name, *kind) for name, _, *kind in SERIES_COLUMNS], align=True)
POOLING: dict[str, str] = {name: how for name, how, *_ in SERIES_COLUMNS}
"""``SUM`` or ``MEAN``, by column of ``SERIES``."""


@cache
def _as_records(dtype: np.dtype) -> np.dtype:
    return np.dtype((np.record, dtype))  # kept: making it takes longer than making most tables


def table(dtype: np.dtype, rows: int) -> np.recarray:
    """An empty table: a record array of zeros."""
    return np.zeros(rows, _as_records(dtype)).view(np.recarray)
