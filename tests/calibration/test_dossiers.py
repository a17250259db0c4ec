"""What may enter a case and what not: decision 0003, row by row."""

import csv
from collections import Counter

import numpy as np
import pytest

from calibration.commands.clusters_and_designs import case_scenarios
from calibration.evidence import dossiers
from calibration.evidence.case_scenarios import derivation
from calibration.evidence.case_tables import DATA, load_cases
from calibration.evidence.coding import load_coding
from calibration.evidence.dossiers import dossier_of, firms_scored, usable
from calibration.evidence.steps import Evidence
from calibration.evidence.unknown_sizes import MONEY, OPENING, SWING, unknown_sizes, with_sizes
from calibration.posterior.simulator import described
from calibration.prior.distributions import candidates
from calibration.prior.overlay import lay
from model.scenario import load
from model.world.build import build

ROWS = load_cases()
ROW = {case.case: case for case in ROWS}
WORLDS = case_scenarios(ROWS)


def fact(**changes) -> dossiers.ClusterFact:
    given = {
        "cluster": "leon_footwear", "fact": "origin", "value": "1645", "source_kind": "seen",
        "source": "https://www.example.org/page", "confidence": 0.6, "known_without_scores": "yes",
        "why": "settlement history", "words": None, "year": None,
    }  # fmt: skip
    return dossiers.ClusterFact(**(given | changes))


@pytest.mark.parametrize(
    ("change", "enters"),
    [
        ({}, True),
        ({"confidence": 0.59}, False),
        ({"known_without_scores": "partly"}, False),
        ({"known_without_scores": "no"}, False),
        ({"why": "From the end of the window or later"}, False),
    ],
)
def test_the_filter(change, enters):
    assert usable(fact(**change)) is enters


def test_no_institution_and_no_event_is_from_after_the_window():
    for case in ROWS:
        found = dossier_of(case)
        assert all(body.founded <= found.last_year for body in found.institutions)
        assert all(event.from_year <= found.last_year for event in found.events)
        horizon = WORLDS[case.case].run.ticks
        assert all(change.tick < horizon for change in WORLDS[case.case].timetable.values())
        assert all(body.opens < horizon for body in WORLDS[case.case].institutions.values())


def test_events_marked_partly_are_nowhere():
    """Buyers who come and leaders who fail can be results."""
    with (DATA / "events.csv").open(encoding="utf-8") as file:
        partly = {r["event"] for r in csv.DictReader(file) if r["known_without_scores"] != "yes"}
    assert len(partly) == 40
    told = {line for case in ROWS for step in derivation(case) for line in step.told}
    lines = [line.lower() for line in told]
    assert not [e for e in partly for line in lines if line.startswith(f"{e.lower()} (")]


def test_a_quarter_is_counted_from_the_first_year_of_the_window():
    """Source of León: 1991-96, so quarter 0 is the first of 1977; the peso fell in December 1994."""
    found = dossier_of(ROW["leon_footwear"])
    assert (found.first_year, found.last_year) == (1977, 1996)
    assert found.quarter(1994, 4) == WORLDS["leon_footwear"].timetable["from_1994_4"].tick == 71


def test_a_trade_opened_on_its_own_date_is_not_opened_twice():
    """Shoes were opened in 1988, three years after Mexico joined GATT."""
    opened = [
        e.from_year for e in dossier_of(ROW["leon_footwear"]).events if e.kind == "liberalisation"
    ]
    assert opened == [1988]
    opened = [
        e.from_year for e in dossier_of(ROW["torreon_apparel"]).events if e.kind == "liberalisation"
    ]
    assert opened == [1985]


def test_rivals_rise_by_one_amount_however_long_it_takes():
    rise = load_coding().events["liberalisation"].rivals
    for name, years in (("torreon_apparel", 4), ("nova_serrana_automotive", 4)):
        world = WORLDS[name]
        rates = [
            (change.tick, sector.rivals_rise)
            for change in world.timetable.values()
            for sector in change.sectors.values()
        ]
        ends = [*(tick for tick, _ in rates[1:]), world.run.ticks]
        total = sum(rate * (end - tick) / 4 for (tick, rate), end in zip(rates, ends, strict=True))
        assert total == pytest.approx(rise, abs=0.01)
        assert rates[0][1] == pytest.approx(rise / years, abs=0.001)


def test_prices_return_when_events_are_over():
    """Sinos Valley: Real plan 1994, float 1999 and its fade after three years."""
    world = WORLDS["sinos_valley_footwear"]
    prices = {
        name: change.chains["market_global"].price
        for name, change in world.timetable.items()
        if "market_global" in change.chains and change.chains["market_global"].price is not None
    }
    assert prices == {"from_1994": 0.85, "from_1999": 1.25, "from_2002": 1.0}


# institutions


def test_a_design_follows_type_knowledge_governance_access_reach_and_year():
    """PRODFOR: joint supplier certification of the large buyers, 1997, for a fee."""
    world = WORLDS["espirito_santo_metalworking"]
    body = world.institutions["prodfor"]
    assert body.certifies == load_coding().certifies.value
    assert (body.board.government, body.board.home_association) == (1, 1)
    assert body.access.fee == load_coding().fees.fee
    assert body.opens == 4 * (1997 - 1984)
    assert body.budget == load_coding().money.value * load_coding().reach.several
    assert body.services.course > 0
    assert body.services.test > 0
    assert body.experiential == 1.0


def test_what_only_bargains_or_lends_teaches_nothing():
    names = {name for world in WORLDS.values() for name in world.institutions}
    assert not {"bandes", "afubra", "andi", "maquila_association"} & names


def test_fairs_promote_exports():
    paid = WORLDS["leon_footwear"].instruments["sapica_fair"]
    assert paid.kind == "export_promotion"


def test_foreign_aid_is_money_of_a_donor():
    body = WORLDS["santa_catarina_apple"].institutions["jica"]
    assert (body.budget, body.donor > 0) == (0, True)


# whose firms


def test_whose_firms_are_scored_is_taken_from_sure_rows_and_from_the_paper():
    assert Counter(firms_scored(case.case) for case in ROWS if case.ce_degree) == {
        "local": 23, "foreign": 6, "mixed": 6,
    }  # fmt: skip
    assert firms_scored("baja_california_audiovisual") == "foreign"  # GPR05 section 5c iii
    assert firms_scored("a_cluster_of_ones_own") == "mixed"


def test_a_foreign_first_tier_stands_beside_local_firms():
    for case in ROWS:
        if firms_scored(case.case) == "foreign":
            place = WORLDS[case.case].communities[case.case]
            assert place.large.firms * place.large.foreign > 0
            assert place.foreign == 0


def test_scores_are_those_of_the_firms_described():
    levels = np.zeros((2, 2, 1, 3), int)
    levels[0, 0, 0, 0], levels[0, 1, 0, 2] = (
        5,
        1,
    )  # in the first run one foreign firm, in the other none
    levels[1, 0, 0, 1] = 4
    assert described(levels, "local")[:, 0].tolist() == [[5, 0, 0], [0, 4, 0]]
    assert described(levels, "foreign")[:, 0].tolist() == [[0, 0, 1], [0, 4, 0]]
    assert described(levels, "mixed")[:, 0].tolist() == [[5, 0, 1], [0, 4, 0]]


# two clusters in the words of GPR05


def test_torreon_has_a_labour_market_and_nothing_else():
    place = WORLDS["torreon_apparel"].communities["torreon_apparel"]
    chipilo = WORLDS["chipilo_furniture"].communities["chipilo_furniture"]
    assert place.labour_mobility > chipilo.labour_mobility
    assert (place.local_inputs, place.information) == (chipilo.local_inputs, chipilo.information)
    assert (place.associated, len(WORLDS["torreon_apparel"].institutions)) == (0, 0)


def test_chipilo_is_young_and_has_a_leader():
    world = WORLDS["chipilo_furniture"]
    assert world.communities["chipilo_furniture"].repertoire == load_coding().young.repertoire
    orders = {name: chain.orders for name, chain in world.chains.items()}
    share = orders["quasi_hierarchy_domestic"] / sum(orders.values())
    assert share == pytest.approx(2 / 3, abs=0.002)
    young = {case.case for case in ROWS if dossier_of(case).young}
    assert {"chipilo_furniture", "san_jose_ict", "region_austral_salmon"} <= young
    assert "sinos_valley_footwear" not in young


def test_nova_serrana_says_what_it_is_about():
    assert "Fiat at Betim" in WORLDS["nova_serrana_automotive"].description


# what is not known


def test_sizes_that_nobody_knows_have_a_prior_with_their_middle_in_the_files():
    for name, (middle, _) in unknown_sizes().items():
        [entry] = candidates().only([name]).entries
        assert (entry.low, entry.mode, entry.high) == pytest.approx(
            (middle / 3, middle, 3 * middle)
        )
        world = WORLDS["sinos_valley_footwear"]
        assert with_sizes(world, {name: middle}) == world


def test_a_size_moves_what_it_is_about_and_nothing_else():
    world = WORLDS["sinos_valley_footwear"]
    [laid] = lay([world], {MONEY: 1.0, SWING: 0.0, OPENING: 2.0})
    assert laid.institutions["ibtec"].budget == 2 * world.institutions["ibtec"].budget
    assert laid.timetable["from_1994"].chains["market_global"].price == 1.0
    before = world.timetable["from_1990"].sectors["traditional"].rivals_rise
    assert laid.timetable["from_1990"].sectors["traditional"].rivals_rise == 2 * before
    assert laid.communities == world.communities
    assert laid.timetable["from_1994"].sectors["traditional"].tacitness is None
    build([laid], range(1))


def test_a_world_that_is_no_cluster_stays_as_it_is():
    world = load("scenarios/worlds/wine_regions_joined.toml")
    assert with_sizes(world, {MONEY: 2.0}) == world
    with pytest.raises(KeyError, match=r"cases\.moneys"):
        with_sizes(world, {"cases.moneys": 1.0})


def test_evidence_in_brief_names_the_host_of_a_page():
    brief = Evidence.of(fact()).brief
    assert brief == "page, example.org, 0.6"
    assert Evidence.of(fact()).whole == "page, https://www.example.org/page, confidence 0.6"
