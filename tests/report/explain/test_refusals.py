"""Draws belong to the run, so that a refusal, which leaves no trace, can be found again."""

import pandas as pd
import pytest

from model.records.records import simulate
from model.records.result_files import write_manifest, write_parquet
from model.report.explain.life import live
from model.report.explain.result import read_result
from model.report.explain.trace import Trace
from model.scenario import load
from tests.report.explain.lives import (
    ARMS,
    WORLD,
    reasons,
    years_of,
)


def test_who_is_too_weak_is_refused_whenever_it_meets_the_buyer(told):
    """Contact is certain here, so every year."""
    life = told("strict", 2)
    refused = reasons(life, who="lead_firm:abroad")
    assert list(refused) == years_of(life) != []
    assert all(why.startswith("asks for capability 1.00, it has 0.") for why in refused.values())


def test_who_comes_too_late_finds_the_orders_placed(told):
    lives = [told("crowded", place) for place in range(6)]
    for life in lives:
        refused = reasons(life, who="lead_firm:abroad")
        supplied = life.contracts["abroad"].iloc[1:]
        outside = [t for t in years_of(life) if not supplied.loc[t]]
        assert list(refused) == outside
        assert all("placed its orders" in why for why in refused.values())
    assert any(reasons(life) for life in lives)


def test_with_orders_for_all_nobody_who_met_the_buyer_is_refused(result, tmp_path):
    """The meetings found again are the engine's: each ends in a contract when there is room."""
    world = tmp_path / "w.toml"
    world.write_text(WORLD, encoding="utf-8")
    half = ("communities.east.market_access = 0.3", "communities.west.market_access = 0.3")
    scenarios = {
        label: load(world, (*ARMS[label], *half, "run.ticks = 4"))
        for label in ("room_for_all", "crowded")
    }
    records = simulate(scenarios, 1)
    for name in ("firms", "ledger"):
        write_parquet(getattr(records, name), tmp_path, name)
    write_manifest(tmp_path, records.manifest)
    result = read_result(tmp_path)
    met = {"room_for_all": set(), "crowded": set()}
    for label, found in met.items():
        for place in range(24):
            trace = Trace(result, label, 0, place).run()
            life = live(trace, 0)
            refused = reasons(life)
            if label == "room_for_all":
                assert not refused
            if refused or reasons(life, "contract"):
                found.add(place)
    assert met["room_for_all"] == met["crowded"]
    assert 0 < len(met["crowded"]) < 24


def test_a_supplier_is_dropped_when_the_standard_rises(told):
    dropped = 0
    for place in range(14):
        ended = reasons(told("dropped", place), "contract ended", "lead_firm:abroad")
        dropped += 8 in ended
        assert ended.get(8, "asks for capability 1.00").startswith("asks for capability 1.00")
    assert dropped


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("dear_club", "costs 50.00 a quarter: it would want 400.00 in hand and had "),
        ("weak_stay_out", "asks for capability 1.00, it has 0."),
    ],
)
def test_who_may_not_join_is_refused_every_year_it_tries(told, label, why):
    life = told(label, 4)
    refused = reasons(life, who="institution:bridge")
    assert list(refused) == years_of(life)
    assert all(text.startswith(why) for text in refused.values())


def test_a_full_house_admits_no_more(told):
    lives = [told("small_club", place) for place in range(14)]
    for life in lives:
        refused = reasons(life, who="institution:bridge")
        assert set(refused.values()) <= {"admits no more members"}
        outside = life.memberships["bridge"].iloc[1:]
        assert list(refused) == [t for t in years_of(life) if not outside.loc[t]]
    kept_out = sum(bool(reasons(life, who="institution:bridge")) for life in lives)
    assert 0 < kept_out < len(lives)


def test_a_body_that_shuts_is_left_and_refuses_nobody(told):
    """Its members go when they next think of joining, and whoever would come finds nobody there."""
    left = 0
    for place in range(14):
        life = told("shut", place)
        assert not reasons(life, who="institution:bridge")
        goes = reasons(life, "left", "institution:bridge")
        member = life.memberships["bridge"]
        assert not member.loc[12:].any()
        assert goes == ({12: "it has closed"} if member.get(11) and life.closed != 12 else {})
        left += len(goes)
    assert left


def test_what_is_overtaken_is_lost_for_that_reason(folder, told):
    ledger = pd.read_parquet(folder / "ledger.parquet").astype({"channel": str})
    own = ledger[(ledger["scenario"] == "opens") & (ledger["replicate"] == 0)]
    own = own[(own["firm"] == 5) & (own["born"] == 0)]
    life = told("opens", 5)
    said = [e.why for e in life.events if e.kind == "lost"]
    assert (
        said.count("overtaken by a better way of doing it")
        == (own["channel"] == "overtaken").sum()
        > 0
    )
    assert said.count("") == (own["channel"] == "forgotten").sum()
