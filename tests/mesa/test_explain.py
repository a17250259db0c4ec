"""What a firm is told it could learn is what happens, in 2,000 versions of the next quarter."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from model.agents import SME, LeadFirm
from model.engine.ensemble import Ensemble
from model.mesa_model import UpgradingModel
from model.theory.board import PARTIES
from model.theory.instruments import GRANTS
from model.theory.interaction import (
    CHANNELS,
    FORGOTTEN,
    INHERITANCE,
    INSTITUTION,
    LABOUR,
    PRACTICE,
    START,
    TAUGHT,
)
from model.theory.practices import DIMENSIONS
from tests.mesa.small import forked, small

FORKS = 2000
EASY = (  # all four kinds of upgrading happen
    "parameters.absorption.lean = 2",
    "parameters.attention.weight.functional = 1",
    "parameters.attention.weight.intersectoral = 1",
)
D = len(DIMENSIONS)
VACANCIES = (  # many places are empty
    "parameters.resources.patience = 1",
    "parameters.resources.overhead = 0.5",
    "parameters.resources.entry = 0.05",
)


def moved(*settings, ticks=9):
    model = UpgradingModel(small(*settings), rng=1)
    for _ in range(ticks):
        model.step()
    # the chances are told for repositories as they stand, and without a grant to come
    model.world.parameters["repository"]["gather"] = 0.0
    model.world.parameters["recombination"]["institution"] = 0.0
    model.world.instruments.budget[model.world.instruments.kind == GRANTS] = 0.0
    return model


def told(model):
    """(n_firms, 4) chance to attend to a dimension and then master something new; 0 if vacant."""
    chances = np.zeros((len(model.world.firms), D))
    for sme in model.agents_by_type[SME]:
        outlooks = sme.explain().outlooks
        chances[sme.row] = [outlook.attends * outlook.chance for outlook in outlooks]
    return chances


def seen(model, forks=FORKS):
    """(n_firms, 4) in how many forks of the next quarter the firm did."""
    tick, n = model.tick, len(model.world.firms)
    ensemble = Ensemble(forked(model.world, forks), tick + 1)
    ensemble.advance(tick + 1)
    learned = ensemble.ledger
    learned = learned[~np.isin(learned.channel, (START, INHERITANCE, FORGOTTEN))]
    hits = np.zeros((forks, n, D), bool)
    hits[learned.run, learned.firm, learned.dimension] = True
    return hits.sum(axis=0)


def surprise(counts, chances, forks=FORKS):
    """How many standard deviations all firms' counts together are off, dimension by dimension."""
    spread = np.sqrt((forks * chances * (1 - chances)).sum(axis=0))
    gap = np.abs((counts - forks * chances).sum(axis=0))
    return np.divide(gap, spread, out=gap, where=spread > 0)


@cache
def everything():
    model = moved(*EASY)
    return model, told(model), seen(model)


def test_chances_are_frequencies():
    _, chances, counts = everything()
    assert chances.max(axis=0).min() > 0.05
    assert (counts[chances == 0] == 0).all()
    assert surprise(counts, chances).max() < 4.5
    tail = 2 * np.minimum(binom.cdf(counts, FORKS, chances), binom.sf(counts - 1, FORKS, chances))
    assert tail.min() > 1e-6  # of 400 counts


def test_a_tenth_too_much_would_be_seen():
    _, chances, counts = everything()
    assert surprise(counts, np.minimum(1, 1.1 * chances)).min() > 4.5


def test_the_kind_of_upgrading_is_attended_to_as_told():
    model, _, _ = everything()
    ensemble = Ensemble(forked(model.world, FORKS), model.tick + 1)
    ensemble.advance(model.tick + 1)
    attended = ensemble.world.firms.dimension.reshape(FORKS, -1)
    for sme in model.agents_by_type[SME].select(at_most=20):
        attends = [outlook.attends for outlook in sme.explain().outlooks]
        assert sum(attends) == pytest.approx(1)
        counts = np.bincount(attended[:, sme.row], minlength=D)
        expected = FORKS * np.array(attends)
        assert ((counts - expected) ** 2 / expected).sum() < 25  # chi-squared, 3 degrees


@pytest.mark.parametrize("channel", TAUGHT)
def test_each_channel_by_itself(channel):
    """Others silenced, so that nobody else can have taught the same practice first."""
    model = moved(*VACANCIES)
    assert 20 < len(model.agents_by_type[SME]) < 80
    rates = model.world.parameters["interaction"]["rate"]
    rates[0, [name != channel for name in TAUGHT]] = 0.0
    chances, counts = told(model), seen(model, FORKS // 2)
    assert chances.sum() > 0.2
    assert (counts[chances == 0] == 0).all()
    assert surprise(counts, chances, FORKS // 2).max() < 4.5
    for sme in model.agents_by_type[SME].select(at_most=10):
        frame = sme.explain().to_frame()
        assert (frame.loc[frame["channel"] != channel, "chance"] == 0).all()


def test_who_the_board_prefers_is_visited_as_told():
    for party in PARTIES:
        model = moved(
            *(f"institutions.centre.board.{p} = {int(p == party)}" for p in PARTIES),
            "institutions.centre.budget = 1.0",  # a visit every other quarter
            "institutions.centre.visit_cost = 2.0",
            'institutions.centre.home = "valley"',
            "parameters.board.voice = 1.0",
            ticks=5,
        )
        rates = model.world.parameters["interaction"]["rate"]
        rates[0, :-1] = 0.0
        assert TAUGHT[-1] == CHANNELS[INSTITUTION]
        chances, counts = told(model), seen(model, 2 * FORKS)
        for name in model.names.communities:
            rows = [sme.row for sme in model.agents_by_type[SME] if sme.community == name]
            assert surprise(counts[rows], chances[rows], 2 * FORKS).max() < 4.5, (party, name)


def test_nothing_is_left_when_every_rate_is_zero():
    model = moved(*(f"parameters.interaction.rate.{channel} = 0" for channel in TAUGHT), ticks=3)
    assert told(model).max() == 0
    assert seen(model, 20).max() == 0


def test_attention_that_is_nowhere_goes_where_the_rule_sends_it():
    model = moved(*(f"parameters.attention.weight.{name} = 0" for name in DIMENSIONS), ticks=3)
    attends = [outlook.attends for outlook in model.sme(0).explain().outlooks]
    model.step()
    assert attends == [float(name == model.sme(0).dimension) for name in DIMENSIONS]


def test_what_is_out_of_reach_says_why():
    model, _, _ = everything()
    some = {}
    for sme in model.agents_by_type[SME]:
        for outlook in sme.explain().outlooks:
            if outlook.barred:
                some[outlook.barred.split(":")[1].split(" practices of ")[1].split()[0]] = outlook
            reach = 3 if not outlook.barred else int(outlook.barred[5]) - 1
            mastered = sme.mastered[outlook.dimension]
            assert outlook.needed == 16 * reach - sum(rung <= reach for rung, _ in mastered)
    assert {"process", "product", "functional"} <= set(some)
    free = moved("parameters.absorption.step = 0", "parameters.absorption.lean = 0", ticks=1)
    assert not any(outlook.barred for outlook in free.sme(0).explain().outlooks)


def test_guarded_suppliers_are_told_that_their_attention_is_cut():
    model, _, _ = everything()
    guarded = [c for c in model.agents_by_type[LeadFirm] if c.guards for c in c.suppliers]
    outlooks = guarded[0].explain().outlooks
    assert [outlook.freedom < 1 for outlook in outlooks] == [False, False, True, True]
    frame = guarded[0].explain().to_frame()
    core = frame[(frame["channel"] == "buyer") & (frame["dimension"] == "functional")]
    assert "guards its core competence" in " ".join(core["why"])
    assert "buyers guard it" in str(guarded[0].explain())


def test_who_cannot_pay_or_get_in_is_told():
    model = moved(
        "institutions.club.access.fee = 3.0", "institutions.club.access.quota = 1.0", ticks=6
    )
    outside = (
        f for f in model.agents_by_type[SME] if all(i.is_association for i in f.institutions)
    )
    firm = next(outside)
    model.world.firms[firm.row].resources = 0.01
    explained = firm.explain()
    machinery = explained.to_frame().query("channel == 'machinery'")
    assert (machinery["meets"] == 0).all()
    assert machinery["why"].str.startswith("costs 0.").all()
    doors = dict(explained.doors)
    assert doors["institution:club"] == "charges 3.00 a quarter, it has 0.01"
    assert doors["institution:centre"].startswith("may join at the turn of the year")
    model.world.institutions.quota[:] = 0
    assert dict(firm.explain().doors)["institution:centre"] == "admits no more members"
    model.world.institutions.quota[:] = 100
    model.world.firms[firm.row].mastered[:] = 0
    doors = dict(firm.explain().doors)
    assert doors["institution:club"].startswith("asks for capability 0.10, it has 0.00")
    assert "asks for capability" in doors["lead_firm:owner"]


def test_the_table_names_every_source_once_a_dimension():
    model, _, _ = everything()
    firm = max(model.agents_by_type[SME], key=lambda firm: len(firm.contracts))
    explained = firm.explain()
    frame = explained.to_frame()
    staffed = [i for i in firm.institutions if not i.is_association]
    sources = LABOUR - PRACTICE - 1 + len(firm.contracts) + len(firm.peers) + len(staffed)
    assert len(frame) == D * sources
    assert set(frame["who"]) - {""} == (
        {peer.firm.name for peer in firm.peers}
        | {chain.name for chain in firm.contracts}
        | {institution.name for institution in staffed}
    )
    assert explained.chance == pytest.approx(told(model)[firm.row].sum())
    text = str(explained)
    assert all(dimension.upper() in text for dimension in DIMENSIONS)
    assert max(map(len, text.splitlines())) < 120


def test_a_year_that_turns_is_announced():
    model = moved(ticks=3)
    assert not model.sme(0).explain().review
    model.step()
    assert model.sme(0).explain().review
    assert "A year turns" in str(model.sme(0).explain())
