"""What a firm is told it could learn is what happens, in 2,000 other versions of the next quarter."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from model.agents import SME, LeadFirm
from model.engine import redraws
from model.engine.ensemble import Ensemble
from model.engine.redraws import redraw
from model.mesa_model import UpgradingModel
from model.outlook import explain
from model.scenario import load
from model.theory.interaction import (
    FORGOTTEN,
    INHERITANCE,
    INSTITUTION,
    LABOUR,
    OVERTAKEN,
    PRACTICE,
    START,
    TAUGHT,
)
from model.theory.practices import DIMENSIONS
from model.world.build import TABLES
from tests.mesa.small import forked, same, small

FORKS = 2000
EASY = (  # all four kinds of upgrading happen
    "parameters.absorption.lean = 2",
    "parameters.attention.weight.functional = 1",
    "parameters.attention.weight.intersectoral = 1",
)
D = len(DIMENSIONS)
HOLDS = load("four_wine_regions").sectors["natural_resource"].holds
SOLD = [name for name in DIMENSIONS if getattr(HOLDS, name).machinery > 0]
"""Kinds of which makers of machines have something in this trade."""


def moved(*settings, ticks=9):
    model = UpgradingModel(small(*settings), rng=1)
    for _ in range(ticks):
        model.step()
    return model


def told(model, drawn):
    """(n_firms, 4) chance to master something new of a dimension; 0 if vacant."""
    chances = np.zeros((len(model.world.firms), D))
    for sme in model.agents_by_type[SME]:
        outlooks = explain(model.world, sme.row, drawn=drawn).outlooks
        chances[sme.row] = [outlook.chance for outlook in outlooks]
    return chances


def next_quarter(model, forks=FORKS):
    ensemble = Ensemble(forked(model.world, forks), model.tick + 1)
    ensemble.advance(model.tick + 1)
    return ensemble


def seen(ensemble):
    """(n_firms, 4) in how many forks of the next quarter the firm did."""
    forks = len(ensemble.world.runs)
    learned = ensemble.ledger
    learned = learned[~np.isin(learned.channel, (START, INHERITANCE, FORGOTTEN, OVERTAKEN))]
    hits = np.zeros((forks, len(ensemble.world.firms) // forks, D), bool)
    hits[learned.run, learned.firm, learned.dimension] = True
    return hits.sum(axis=0)


def surprise(counts, chances):
    """How many standard deviations apart two samples of FORKS are, by dimension, all firms together."""
    spread = np.sqrt((2 * FORKS * chances * (1 - chances)).sum(axis=0))
    return np.abs((counts - FORKS * chances).sum(axis=0)) / spread


@cache
def everything():
    model = moved(*EASY)
    drawn = redraw(model.world, times=FORKS)
    return model, drawn, next_quarter(model)


def test_chances_are_frequencies():
    model, drawn, ensemble = everything()
    chances, counts = told(model, drawn), seen(ensemble)
    assert chances.max(axis=0).min() > 0.05
    assert surprise(counts, chances).max() < 4.5
    both = (counts / FORKS + chances) / 2
    error = np.sqrt(2 * both * (1 - both) / FORKS)
    assert (np.abs(counts / FORKS - chances) <= 5 * error + 3 / FORKS).all()  # of 400 counts


def test_a_tenth_too_much_would_be_seen():
    model, drawn, ensemble = everything()
    chances = np.minimum(1, 1.1 * told(model, drawn))
    assert surprise(seen(ensemble), chances).min() > 4.5


def test_the_kind_of_upgrading_is_attended_to_as_told():
    model, drawn, ensemble = everything()
    attended = ensemble.world.firms.dimension.reshape(FORKS, -1)
    for sme in model.agents_by_type[SME].select(at_most=20):
        attends = [o.attends for o in explain(model.world, sme.row, drawn=drawn).outlooks]
        assert sum(attends) == pytest.approx(1)
        table = np.array(
            [FORKS * np.array(attends), np.bincount(attended[:, sme.row], minlength=D)]
        )
        assert chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue > 1e-5


def test_shares_of_sources_are_those_of_the_forks():
    """From whom: the institutions' staff, whose share the ledger of the forks tells too."""
    model, drawn, ensemble = everything()
    rows = ensemble.ledger[ensemble.ledger.channel == INSTITUTION]
    centre = model.names.institutions.index("centre")
    rows = rows[rows.source == centre]
    counts = np.zeros((len(model.world.firms), D))
    hits = {(run, f, d) for run, f, d in zip(rows.run, rows.firm, rows.dimension, strict=True)}
    for _, f, d in hits:
        counts[f, d] += 1
    chances = np.zeros_like(counts)
    for sme in model.agents_by_type[SME]:
        frame = explain(model.world, sme.row, drawn=drawn).to_frame()
        frame = frame[frame["who"] == "institution:centre"]
        for d, name in enumerate(DIMENSIONS):
            chances[sme.row, d] = frame.loc[frame["dimension"] == name, "chance"].sum()
    assert counts.sum(axis=0).min() > 0
    assert surprise(counts, chances).max() < 4.5


def test_drawing_leaves_the_world_as_it_was():
    model = moved()
    before = {name: getattr(model.world, name).copy() for name in (*TABLES, "runs")}
    drawn = redraw(model.world, times=20)
    assert drawn.lessons.draws.sum() > 0
    for name, rows in before.items():
        assert same(getattr(model.world, name), rows)


def test_the_same_state_tells_the_same_and_the_next_quarter_something_else():
    model = moved()
    assert str(model.sme(0).explain()) == str(model.sme(0).explain())
    one, again = redraw(model.world, times=30), redraw(model.world, times=30)
    assert same(one.lessons, again.lessons)
    model.step()
    assert not np.array_equal(redraw(model.world, times=30).attended, one.attended)


def test_how_many_copies_are_held_at_a_time_changes_nothing(monkeypatch):
    model = moved()
    one = redraw(model.world, times=30)
    monkeypatch.setattr(redraws, "_AT_ONCE", 700)
    other = redraw(model.world, times=30)
    assert same(one.lessons, other.lessons)
    for name in ("attended", "mastered", "learned"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_large_worlds_are_drawn_fewer_times(monkeypatch):
    model = moved(ticks=1)
    assert redraw(model.world).times == model.sme(0).explain().draws == redraws.TIMES
    monkeypatch.setattr(redraws, "_MOST_FIRMS", 10_000)
    assert redraw(model.world).times == 10_000 // len(model.world.firms)


def test_nothing_is_left_when_every_rate_is_zero():
    silent = (f"parameters.interaction.rate.{channel} = 0" for channel in TAUGHT)
    model = moved(*silent, "institutions.centre.services.meeting = 0", ticks=3)
    drawn = redraw(model.world, times=20)
    assert told(model, drawn).max() == drawn.learned.max() == 0
    why = explain(model.world, 0, drawn=drawn).to_frame()["why"]
    assert "never met" in set(why)
    assert why.str.match("never met|does not teach|guards|costs|has nothing").all()


def test_a_seller_without_wares_is_told_by_that_and_not_by_his_price():
    model = moved("sectors.natural_resource.machinery_price = 100", ticks=1)
    told = model.sme(0).explain().to_frame().query("channel == 'machinery'").set_index("dimension")
    for name, why in told["why"].items():
        assert why.startswith("costs 100" if name in SOLD else "has nothing of this kind")


def test_attention_that_is_nowhere_goes_where_the_rule_sends_it():
    model = moved(*(f"parameters.attention.weight.{name} = 0" for name in DIMENSIONS), ticks=3)
    attends = [outlook.attends for outlook in model.sme(0).explain().outlooks]
    model.step()
    assert attends == [float(name == model.sme(0).dimension) for name in DIMENSIONS]


def test_what_is_out_of_reach_says_why():
    model, drawn, _ = everything()
    some = {}
    for sme in model.agents_by_type[SME]:
        for outlook in explain(model.world, sme.row, drawn=drawn).outlooks:
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
    assert (machinery["chance"] == 0).all()
    assert machinery["why"].str.match(r"costs 0\.|has nothing").all()
    assert (
        machinery["why"].str.startswith("costs 0.") == (machinery["dimension"].isin(SOLD))
    ).all()
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


def test_members_of_an_association_that_buys_together_are_told_what_they_would_pay():
    named = ("valley", "foothills", "oasis", "highland")
    model = moved(
        "sectors.natural_resource.machinery_price = 0.8",
        *(f"communities.{place}.purchases = 0.5" for place in named),
        ticks=6,
    )
    for member, told in ((True, "costs 0.40, it has 0.01"), (False, "costs 0.80, it has 0.01")):
        firm = next(
            f
            for f in model.agents_by_type[SME]
            if any(i.is_association for i in f.institutions) == member
        )
        model.world.firms[firm.row].resources = 0.01
        machinery = firm.explain().to_frame().query("channel == 'machinery'")
        assert (machinery[machinery["dimension"].isin(SOLD)]["why"] == told).all()


def test_the_table_names_every_source_once_a_dimension():
    model, _, _ = everything()
    firm = max(model.agents_by_type[SME], key=lambda firm: len(firm.contracts))
    explained = firm.explain()
    frame = explained.to_frame()
    staffed = [i for i in firm.institutions if not i.is_association]
    sources = LABOUR - PRACTICE - 1 + len(firm.contracts) + len(firm.peers) + len(staffed)
    met = frame["why"].isin(["firms met at meetings", "hit upon when talking across communities"])
    assert len(frame) - met.sum() == D * sources
    assert not frame[["dimension", "channel", "who"]].duplicated().any()
    assert set(frame["who"]) - {""} == (
        {peer.firm.name for peer in firm.peers}
        | {chain.name for chain in firm.contracts}
        | {institution.name for institution in staffed}
    )
    chances = [outlook.chance for outlook in explained.outlooks]
    assert max(chances) <= explained.chance <= sum(chances)
    text = str(explained)
    assert all(dimension.upper() in text for dimension in DIMENSIONS)
    assert max(map(len, text.splitlines())) < 120


def test_a_year_that_turns_is_announced():
    model = moved(ticks=3)
    assert not model.sme(0).explain().review
    model.step()
    assert model.sme(0).explain().review
    assert "A year turns" in str(model.sme(0).explain())
