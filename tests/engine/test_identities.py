"""What must hold in every quarter of a world with everything in it.

Everything here is counted a second time, from the tables, in plain NumPy.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.theory.export_promotion import EXPORT_PROMOTION
from model.theory.grants import GRANTS, SELLERS
from model.theory.interaction import (
    CHANNELS,
    FORGOTTEN,
    INHERITANCE,
    INSTITUTION,
    OVERTAKEN,
    PEER,
    PRACTICE,
    RECOMBINATION,
    START,
)
from model.theory.practices import ALL, DIMENSIONS, RUNG_3
from model.theory.road import HIGH
from model.theory.support import GOVERNANCE
from model.theory.value_added import GLOBAL, large_firm
from model.world import tables as t
from model.world.build import TABLES, build
from tests.worlds import (
    BOARDS,
    EVERYTHING,
    NO_SOURCES,
    NO_TURNOVER,
    ONE,
    POLICIES,
    Layer,
    by_dimension,
    live,
    masks,
    parameters,
    scenario,
)

TICKS = 24
# Hard times, so that firms close and others enter, contracts end and members leave.
HARD: Layer = parameters(
    resources={"patience": 1, "entry": 0.3, "volatility": 1.0, "endowment": 0.2},
    wages={"reservation": 0.8},
    guarding={"encroachment": 0.2},
    selection={"patience": 0.0},
)
FREE = {kind: {"budget": 0.0} for kind in POLICIES["instruments"]}
LIVELY: Layer = parameters(recombination={"firm": 1.0}, interaction={"rate": {"peer": 0.6}})
WORLDS = {
    "everything": scenario(*EVERYTHING, LIVELY),
    "hard times": scenario(*EVERYTHING, LIVELY, HARD),
}
each_world = pytest.mark.parametrize("name", WORLDS)


@cache
def quarters(name: str) -> tuple[list[dict[str, np.ndarray]], Ensemble]:
    """Copies of the tables before the first and after every quarter; the ensemble at the end."""
    lives = Ensemble(build([WORLDS[name]], (0,), 1), TICKS)
    world = lives.world
    copies = []
    for tick in range(TICKS + 1):
        lives.advance(tick)
        tables = {n: getattr(world, n).copy() for n in TABLES}
        copies.append(tables | {"used": int(world.runs[0].used_ties)})
    return copies, lives


def table(name: str, what: str) -> list[np.ndarray]:
    return [copy[what] for copy in quarters(name)[0]]


def test_the_worlds_have_everything_in_them():
    """Else the rest proves little: every channel, exits and entries, contracts, members, forums."""
    seen = {CHANNELS[c] for name in WORLDS for c in quarters(name)[1].ledger["channel"]}
    assert seen == set(CHANNELS)
    copies, hard = quarters("hard times")
    assert hard.series["exits"].sum() > 5
    assert hard.series["entries"].sum() > 5
    assert (copies[-1]["ties"]["kind"] == t.FORUM).any()
    assert hard.series["suppliers"].sum(axis=0).all()
    assert hard.series["visits"].sum() > 20


@each_world
def test_mastered_lies_within_aware_and_both_within_48_bits(name):
    for firms in table(name, "firms"):
        assert (firms.mastered & ~firms.aware == 0).all()
        assert (firms.aware & ~np.int64(ALL) == 0).all()
        assert (firms.aware >= 0).all()


@each_world
def test_the_ledger_replayed_from_the_start_gives_the_masks_of_every_quarter(name):
    """Nothing is mastered or lost without being booked; an entrant's booking starts its life."""
    copies, lives = quarters(name)
    mastered = masks(copies[0]["firms"])
    born = copies[0]["firms"].born.copy()
    for tick in range(TICKS):
        for entry in lives.ledger[lives.ledger["tick"] == tick]:
            own = mastered[entry.firm]
            if entry.channel in (START, INHERITANCE) and born[entry.firm] != entry.born:
                own[:] = False
                born[entry.firm] = entry.born
            lost = entry.channel in (FORGOTTEN, OVERTAKEN)
            assert own[entry.dimension, entry.practice] == lost
            own[entry.dimension, entry.practice] = not lost
            assert entry.born == born[entry.firm]
        blank = copies[tick + 1]["firms"].born != born  # an entrant that masters nothing at all
        mastered[blank] = False
        born[blank] = copies[tick + 1]["firms"].born[blank]
        assert (mastered == masks(copies[tick + 1]["firms"])).all()


def holds(masks_by_dimension, entry) -> bool:
    """Whether somebody's masks hold the practice that an entry of the ledger names."""
    return int(masks_by_dimension[entry.dimension]) >> int(entry.practice) & 1 == 1


def may_supply(copies, entry) -> np.ndarray:
    """Chains that the firm may supply while it learns: of a firm that holds no contract after the quarter,
    any, as it may have signed and lost one within it."""
    rows = [copies[entry.tick + when]["firms"][entry.firm].contract for when in (0, 1)]
    if (rows[1] == t.NOBODY).all():
        return np.arange(len(copies[entry.tick]["chains"]))
    held = np.concatenate(rows)
    return held[held != t.NOBODY]


@each_world
def test_the_ledger_names_sources_that_were_there(name):
    copies, lives = quarters(name)
    firms, ledger = copies[0]["firms"], lives.ledger
    community = firms.community
    for entry in ledger:
        channel, before = CHANNELS[entry.channel], copies[entry.tick]
        own = before["firms"][entry.firm]
        if channel in ("peer", "labour", "inheritance"):
            source = before["firms"][entry.source]
            assert source.active
            assert holds(source.mastered, entry)
            if channel != "peer":
                assert community[entry.source] == community[entry.firm]
        elif channel == "buyer":
            assert holds(before["chains"][entry.source].holds, entry)
        elif channel == "institution":
            after = copies[entry.tick + 1]["institutions"][entry.source]
            teaches = after.repository | after.expertise
            if after.experiential < 1:  # the frontier, whoever comes
                teaches |= RUNG_3
            for chain in copies[entry.tick + 1]["chains"][may_supply(copies, entry)]:
                teaches |= chain.holds & own.aware  # what its buyers ask, translated
            assert holds(teaches, entry)
        elif channel == "recombination":
            assert community[entry.source] != community[entry.firm]
            assert before["firms"][entry.source].active
        else:
            assert entry.source == t.NOBODY
        if channel not in ("start", "inheritance"):
            assert own.active


@each_world
def test_firms_learn_in_the_dimension_they_attend_to(name):
    """But for the lessons of a project that a grant pays (P1) and further ones of staff (I8)."""
    copies, lives = quarters(name)
    others = (FORGOTTEN, OVERTAKEN, START, INHERITANCE, INSTITUTION)
    taught = lives.ledger[~np.isin(lives.ledger["channel"], others)]
    for entry in taught:
        after = copies[entry.tick + 1]["firms"][entry.firm]
        bought = entry.channel in SELLERS and len(lives.world.instruments)
        assert entry.dimension == after.dimension or after.born == entry.tick + 1 or bought
        assert entry.channel <= INSTITUTION or entry.channel == RECOMBINATION


@each_world
def test_what_is_new_comes_with_a_lesson_from_another_community(name):
    """K5: a firm hits on one practice more only when a peer of another community taught it one."""
    ledger = quarters(name)[1].ledger
    told = {tuple(entry)[1:6] for entry in ledger if entry.channel == PEER}
    new = [tuple(entry)[1:6] for entry in ledger if entry.channel == RECOMBINATION]
    assert new
    assert set(new) <= told


@each_world
def test_trust_stays_within_0_and_1(name):
    for copy in quarters(name)[0]:
        used = copy["ties"][: copy["used"]]
        assert ((used.trust >= 0) & (used.trust <= 1)).all()
        for column in ("backward", "forward"):
            assert ((copy["firms"][column] >= 0) & (copy["firms"][column] <= 1)).all()


@each_world
def test_a_tie_joins_two_firms_once(name):
    """One row a pair: trust is the same for both ends."""
    for copy in quarters(name)[0]:
        used = copy["ties"][: copy["used"]]
        assert (used.a < used.b).all()
        assert (used.a >= 0).all()
        assert (used.b < len(copy["firms"])).all()
        assert len(set(zip(used.a.tolist(), used.b.tolist(), strict=True))) == len(used)
        assert (used.kind != t.SPARE).all()
        assert (copy["ties"][copy["used"] :].kind == t.SPARE).all()
        across = copy["firms"].community[used.a] != copy["firms"].community[used.b]
        assert (across | (used.kind != t.ACROSS)).all()  # firms of one place meet at meetings, too
        assert (~across | (used.kind != t.LOCAL)).all()


@each_world
def test_contracts_stay_within_reach_and_bring_orders(name):
    for copy in quarters(name)[0]:
        firms, chains = copy["firms"], copy["chains"]
        assert (firms.contract[firms.active == 0] == t.NOBODY).all()
        both = firms.contract[(firms.contract != t.NOBODY).all(axis=1)]
        assert (both[:, 0] != both[:, 1]).all()
        assert ((firms.order > 0) == (firms.contract != t.NOBODY)).all()
        assert (firms.home[firms.active == 0] == 0).all()
        assert (firms.home >= 0).all()
        for row, chain in enumerate(chains):
            suppliers = (firms.contract == row).any(axis=1)
            assert all(chain.communities[c] for c in firms.community[suppliers])


@each_world
def test_membership_stays_within_quota_and_reach(name):
    copies, ensemble = quarters(name)
    (names,) = ensemble.world.names
    for copy in copies[1:]:
        firms = copy["firms"]
        assert (firms.members[firms.active == 0] == 0).all()
        for row, institution in enumerate(copy["institutions"]):
            belong = names.belong(firms, row)
            if not institution.association:
                assert belong.sum() <= institution.quota
            assert all(institution.reach[c] for c in firms.community[belong])


@each_world
def test_money_stays_within_bounds(name):
    copies, lives = quarters(name)
    cap = lives.world.parameters[0].resources.cap
    for copy in copies:
        firms = copy["firms"]
        assert ((firms.resources >= 0) & (firms.resources <= cap)).all()
        assert (firms.wage >= 0).all()
        for i in copy["institutions"]:
            assert i.spent >= 0


def test_what_firms_earn_goes_to_wages_overhead_owners_and_resources():
    """Nothing to buy, nothing to pay, no luck: to the last bit."""
    free = {
        "sectors": {"trade": {"machinery_price": 0.0, "consultant_price": 0.0}},
        "institutions": {name: {"access": {"fee": 0.0}} for name in BOARDS["institutions"]},
        "timetable": {"reform": {"institutions": {"government": {"access": {"fee": 0.0}}}}},
        "instruments": {"grants": {"budget": 0.0}},
    }
    even = parameters(resources={"volatility": 0.0}, joint_action={"effort": 0.0})
    lives = live(scenario(*EVERYTHING, NO_TURNOVER, free, even), 0, horizon=8)
    p = lives.world.parameters[0].resources
    for tick in range(8):
        before = lives.world.firms.copy()
        lives.advance(tick + 1)
        after = lives.world.firms
        left = after.value_added - before.wage - p.overhead
        kept = np.clip(before.resources + p.retained * left, 0.0, p.cap)
        assert (after.resources == kept).all()


@each_world
def test_fees_collected_are_fees_paid(name):
    """Members pay if they could at the end of the quarter before; nobody else does."""
    copies, ensemble = quarters(name)
    (names,) = ensemble.world.names
    for before, after in pairwise(copies):
        for row, institution in enumerate(after["institutions"]):
            member = names.belong(after["firms"], row)
            paying = member & (before["firms"].resources >= institution.fee)
            closed = (before["firms"].active == 1) & (after["firms"].active == 0)
            low, high = paying.sum(), (paying | closed).sum()
            assert low * institution.fee - 1e-9 <= institution.fees
            assert institution.fees <= high * institution.fee + 1e-9


@each_world
def test_institutions_spend_what_they_have_and_a_part_of_one_event_of_each_service(name):
    """The rest of an event's cost buys one more by chance, so means are spent on average."""
    hours = np.array(quarters(name)[1].world.parameters[0].services.hours)
    for before, after in pairwise(quarters(name)[0]):
        for was, now in zip(before["institutions"], after["institutions"], strict=True):
            means = now.budget + brought_by_others(was, now)
            events = now.hour_price * hours[now.hours > 0].sum()
            assert now.spent <= means + events + 1e-9


def brought_by_others(was, now):
    """What an institution has beside its public budget: donors, fees of last quarter, joint investment."""
    return now.budget * now.joint_investment * now.seats[1:].sum() + now.donor + was.fees


@each_world
def test_costs_by_community_add_up_to_what_institutions_and_instruments_spent(name):
    """What others brought is spent after the public budget; the rest, instruments too, is public."""
    copies, lives = quarters(name)
    series = lives.series.reshape(TICKS, -1)
    for tick, (before, after) in enumerate(pairwise(copies)):
        spent = after["institutions"].spent.sum() + after["instruments"].spent.sum()
        private = sum(
            min(max(0, now.spent - now.budget), brought_by_others(was, now))
            for was, now in zip(before["institutions"], after["institutions"], strict=True)
        )
        assert series["private_cost"][tick].sum() == pytest.approx(private)
        assert series["public_cost"][tick].sum() == pytest.approx(spent - private)
    assert series["private_cost"].sum() > 0


@each_world
def test_what_firms_pay_is_what_institutions_collect_and_what_leaves_their_pockets(name):
    """Fees are those that institutions have collected; own parts are as many as there are projects."""
    copies, lives = quarters(name)
    series = lives.series.reshape(TICKS, -1)
    p = lives.world.parameters[0]
    own = p.grants.match * p.grants.grant
    for tick, after in enumerate(copies[1:]):
        paid = series["paid"][tick].sum(axis=0)
        assert paid[t.FEES] == pytest.approx(after["institutions"].fees.sum())
        granted = sum(i.spent for i in after["instruments"] if i.kind == GRANTS)
        assert paid[t.PROJECTS] == pytest.approx(granted / max(1e-9, p.grants.grant) * own)
        met = paid[t.MEETINGS] / p.joint_action.effort
        assert met == pytest.approx(round(met), abs=1e-6)
        assert (paid >= 0).all()
    assert series["paid"].sum(axis=(0, 1))[t.FEES] > 0


def test_firms_pay_nothing_where_nothing_has_a_price():
    free = {"sectors": {"trade": {"machinery_price": 0.0, "consultant_price": 0.0}}}
    costless = parameters(joint_action={"effort": 0.0})
    lives = live(scenario(ONE, free, costless), TICKS)
    assert not lives.series["paid"].any()
    dear = live(scenario(ONE, costless), TICKS).series["paid"].sum(axis=0)
    assert dear[t.LESSONS] > 0
    assert dear[[t.FEES, t.PROJECTS, t.MEETINGS]].sum() == 0


def test_nobody_pays_a_seller_who_has_nothing_of_what_the_firm_is_after():
    """K2: those who attend to a kind that machines and advice hold nothing of keep their money."""
    costless = parameters(joint_action={"effort": 0.0})
    after = {d: parameters(attention={"weight": by_dimension(0) | {d: 1.0}}) for d in DIMENSIONS}
    wares = {d: {"machinery": 1.0, "consultant": 1.0} for d in ("process", "product")}
    paid = {
        d: live(scenario(ONE, NO_SOURCES, {"sectors": {"trade": {"holds": wares}}}, costless, only), 4)
        .series["paid"].sum(axis=0)[t.LESSONS]
        for d, only in after.items()
    }  # fmt: skip
    assert paid["process"] > 0
    assert paid["product"] > 0
    assert paid["functional"] == paid["intersectoral"] == 0


def test_where_only_the_government_pays_all_cost_is_public():
    """A visit now and then, dearer than the budget of its quarter, is public money saved up."""
    poor = {"institutions": {"centre": {"budget": 0.2, "access": {"inclusive": True}}}}
    lives = live(scenario(ONE, poor), TICKS)
    assert lives.series["visits"].sum() > 0
    assert not lives.series["private_cost"].any()
    cost = lives.world.institutions[0].hour_price * 16
    assert lives.series["public_cost"].sum() == pytest.approx(lives.series["visits"].sum() * cost)


@each_world
def test_the_stock_of_firms_moves_by_entries_and_exits(name):
    _, lives = quarters(name)
    series = lives.series.reshape(TICKS, -1)
    stock = np.array([12, 8])
    for tick in range(TICKS):
        stock = stock + series["entries"][tick] - series["exits"][tick]
        assert (series["firms"][tick] == stock).all()


@each_world
def test_the_series_are_what_the_tables_say(name):
    """Every tally of every quarter, counted again from the tables in plain NumPy."""
    copies, lives = quarters(name)
    world, series = lives.world, lives.series.reshape(TICKS, -1)
    for tick, copy in enumerate(copies[1:]):
        for c, seen in enumerate(series[tick]):
            for column, value in recount(copy, lives, tick, c, world).items():
                assert np.asarray(seen[column]) == pytest.approx(value), (tick, c, column)


def recount(copy, lives, tick, c, world) -> dict[str, np.ndarray | float]:
    firms, ties = copy["firms"], copy["ties"][: copy["used"]]
    chains, institutions = copy["chains"], copy["institutions"]
    here = firms[(firms.community == c) & (firms.active == 1)]
    able = masks(here)
    levels = able.sum(axis=2)
    by_rung = able.reshape(len(here), 4, 3, 16).sum(axis=3)
    stands = np.logical_and.accumulate(by_rung >= 8, axis=2)
    supplied = here.contract[..., None] == np.arange(len(chains))  # (n_firms, 2, n_chains)
    chain_of = supplied.any(axis=1)
    by_mode = [chain_of[:, chains.governance == g].any(axis=1).sum() for g in range(4)]
    assert len(by_mode) == len(GOVERNANCE)
    staffed = sum(1 << i for i, row in enumerate(institutions) if not row.association)
    known = masks(world.sectors, "known")[world.communities[c].sector, :2, :32]
    heard = (masks(here, "aware") | able)[:, :2, :32] & known
    open_ = firms.active[ties.a] & firms.active[ties.b] == 1
    ends = np.concatenate([ties.a[open_], ties.b[open_]])
    mine = firms.community[ends] == c
    trust = np.concatenate([ties.trust[open_]] * 2)
    booked = lives.ledger[lives.ledger["tick"] == tick]
    booked = booked[firms.community[booked["firm"]] == c]
    gained = np.zeros((4, len(CHANNELS)), int)
    np.add.at(gained, (booked["dimension"], booked["channel"]), 1)
    sold, exported = sold_by(here, copy, c, world)
    place, promotion = copy["communities"][c], world.parameters[0].export_promotion
    paid = min(1, place.aid[EXPORT_PROMOTION] / (promotion.cost * place.places))
    nobody = 1.0
    for row in chains:
        assert row.communities[c]
        nobody *= 1 - place.market_access
        nobody *= 1 - promotion.effect * paid * (row.reach == GLOBAL)
    return {
        "levels": np.stack([np.bincount(levels[:, d], minlength=49) for d in range(4)]),
        "practices": np.bincount(levels.sum(axis=1), minlength=193),
        "rungs": stands.sum(axis=0),
        "gained": gained,
        "firms": len(here),
        "suppliers": by_mode,
        "in_chain": chain_of.any(axis=1).sum(),
        "exporters": chain_of[:, chains.reach == GLOBAL].any(axis=1).sum(),
        "members": (here.members != 0).sum(),
        "high_road": (here.road == HIGH).sum(),
        "certified": (here.certified > 0).sum(),
        "reached": (here.members & staffed != 0).sum(),
        "ties": mine.sum(),
        "trust": trust[mine].sum(),
        "pool": (able[:, :2, :32].sum(axis=0) > 0.1 * len(here)).sum(),
        "informed": heard.sum(axis=(1, 2)).sum() / known.sum(),
        "backward": here.backward.sum(),
        "forward": here.forward.sum(),
        "workers": here.workers.sum(dtype=float),
        "value_added": (here.workers.astype(float) * here.value_added).sum(),
        "productivity": here.value_added.sum(),
        "wages": (here.workers.astype(float) * here.wage).sum(),
        "resources": here.resources.sum(),
        "local_inputs": world.sectors[place.sector].local_inputs * place.local_inputs,
        "contact": 1 - nobody,
        "large_firm": large_firm(world.parameters[0]),
        "met": np.concatenate([ties.kept[open_]] * 2)[mine].sum(),
        "full_circle": 3 * world.parameters[0].interaction.rate[PEER - PRACTICE],
        "sales": sold.sum(),
        "exports": sold[:, 1:][exported].sum(),
    }


def sold_by(here, copy, c, world):
    """(n_firms, 3) value sold at home and by contract; (n_firms, 2) which contracts export."""
    p, chains = world.parameters[0], copy["chains"]
    score = np.bitwise_count(here.mastered) / 16
    factors = 1 + np.array(p.value_added.gain) * score / 3
    amount = np.column_stack([here.home, here.order])
    hands = here.workers * factors[:, 0]
    made = np.minimum(1, hands / np.maximum(amount.sum(axis=1), 1e-300))
    price = np.full(amount.shape, float(copy["sectors"][world.communities[c].sector].home_price))
    reach = np.where(here.contract == t.NOBODY, -1, chains.reach[here.contract])
    premium = np.array(p.value_added.premium)
    paid = chains.price[here.contract] * (1 + premium[chains.reach[here.contract]])
    price[:, 1:] = np.where(here.contract == t.NOBODY, 0, paid)
    return amount * price * (factors[:, 1:].prod(axis=1) * made)[:, None], reach == GLOBAL


def test_the_recount_covers_the_series():
    """A tally that is added has to be counted again too; flows are checked by other identities.

    What ``tests/measures/test_counted_again.py`` counts again is counted there.
    """
    copies, lives = quarters("everything")
    counted = set(recount(copies[1], lives, 0, 0, lives.world))
    flows = {"entries", "exits", "visits", "public_cost", "private_cost"}
    there = {
        "sizes", "founders", "places", "served", "hours", "stayed", "stayed_before", "stayed_after",
        "left", "public_by", "donor_cost", "paid",
    }  # fmt: skip
    assert counted | flows | there == set(t.SERIES.names)


@each_world
def test_hours_that_firms_count_are_those_of_staff(name):
    """But for those of firms that closed: an entrant starts without."""
    copies, _ = quarters(name)
    counted = 0.0
    for before, after in pairwise(copies):
        same = before["firms"].born == after["firms"].born
        counted += (after["firms"].hours - np.where(same, before["firms"].hours, 0)).sum()
    paid = sum(
        (copy["institutions"].spent / copy["institutions"].hour_price).sum() for copy in copies[1:]
    )
    closed = sum((c["firms"].hours * (c["firms"].active == 0)).sum() > 0 for c in copies)
    assert counted <= paid * (1 + 1e-12)
    assert counted == pytest.approx(paid) or closed
    assert counted > 0
