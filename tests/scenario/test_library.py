"""The files that ship: each loads, says what it is drawn from, is used, and does what it says."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.experiments.experiment import load_experiment
from model.parameters import INSTRUMENTS, Section
from model.scenario import load
from model.scenario.changes import TABLES, after, in_order
from model.scenario.files import load_document, parse_document, set_value
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.world.build import build

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KEYS = ("GPR05", "MP17")  # of the two papers, as all sources are cited
NEVER = 100_000


def shipped(folder: str) -> list[Path]:
    return sorted((SCENARIOS / folder).glob("*.toml"))


DESIGNS, TOOLS = shipped("institutions"), shipped("instruments")
WORLDS, QUESTIONS = shipped("worlds"), shipped("experiments")
ALL = DESIGNS + TOOLS + WORLDS + QUESTIONS


def by_name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def part(path: Path, kind: type[Section], *settings: tuple[str, str]) -> Section:
    document = load_document(path)
    for key, text in settings:
        document = set_value(document, key, text)
    return parse_document(document, kind)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one.dtype.names)


# Files


@pytest.mark.parametrize("path", ALL, ids=by_name)
def test_a_header_tells_what_the_file_is(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert max(map(len, lines)) <= 140


@pytest.mark.parametrize("path", ALL, ids=by_name)
def test_it_says_what_it_is_drawn_from(path):
    """An instrument on trial may be an idea of one's own, with its year."""
    source = load_document(path).data["source"]
    on_trial = path in TOOLS and re.search(r"\b\d{4}\b", source)
    assert on_trial or any(key in source for key in KEYS)


def test_no_two_designs_share_a_title():
    for folder in (DESIGNS, TOOLS, WORLDS, QUESTIONS):
        titles = [load_document(path).data["title"] for path in folder]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", DESIGNS, ids=by_name)
def test_an_institution_is_a_design_without_a_budget(path):
    """So that designs can be compared at one budget, which the world says."""
    assert part(path, Institution).budget == 0.0


@pytest.mark.parametrize("path", TOOLS, ids=by_name)
def test_an_instrument_waits_for_its_budget(path):
    assert "budget" not in load_document(path).data
    assert part(path, Instrument, ("budget", "1.0")).kind in INSTRUMENTS


def test_every_kind_of_instrument_has_a_file():
    assert {load_document(path).data["kind"] for path in TOOLS} == set(INSTRUMENTS)


def test_no_design_lies_about_unused():
    """Some world or experiment uses it, another file begins from it, or its kind has no other file."""
    said = "".join(path.read_text(encoding="utf-8") for path in ALL)
    kinds = Counter(load_document(path).data["kind"] for path in TOOLS)
    for path in DESIGNS + TOOLS:
        alone = path in TOOLS and kinds[load_document(path).data["kind"]] == 1
        assert alone or f'{path.name}"' in said, path.name


# Worlds


@cache
def world_of(path: Path, *settings: str):
    return load(path, settings)


def ended(scenario, ticks: int) -> Ensemble:
    ensemble = Ensemble(build((scenario,), (0,)), ticks)
    ensemble.advance(ticks)
    return ensemble


def put_off(scenario):
    """The same world on whose timetable nothing ever comes."""
    later = {k: c.model_copy(update={"tick": NEVER}) for k, c in scenario.timetable.items()}
    return scenario.model_copy(update={"timetable": later})


@pytest.mark.parametrize("path", WORLDS, ids=by_name)
def test_a_world_runs(path):
    scenario = world_of(path)
    assert scenario.run.ticks >= max((c.tick for c in scenario.timetable.values()), default=0) + 4
    ensemble = ended(scenario, scenario.run.ticks)
    rows = ensemble.series[-len(scenario.communities) :]
    assert (rows["firms"] > 0).all()
    assert len(ensemble.ledger) > 0


TIMED = [path for path in WORLDS if world_of(path).timetable]


@pytest.mark.parametrize("path", TIMED, ids=by_name)
def test_its_timetable_acts_and_not_before_its_time(path):
    scenario = world_of(path)
    moving, still = (
        Ensemble(build((s,), (0,)), scenario.run.ticks) for s in (scenario, put_off(scenario))
    )
    first = min(change.tick for change in scenario.timetable.values())
    for ensemble in (moving, still):
        ensemble.advance(first)
    for table in ("firms", *TABLES):
        assert same(getattr(moving.world, table), getattr(still.world, table)), table
    now = scenario
    for name, change in in_order(scenario):
        now = after(now, change)
        moving.advance(change.tick + 1)
        for table in TABLES:
            for key, said in getattr(change, table).items():
                found = getattr(moving.world, table)[list(getattr(now, table)).index(key)]
                asked = getattr(now, table)[key]
                for column in ("price", "budget", "entry_standard", "market_access", "information"):
                    if getattr(said, column, None) is not None:
                        assert found[column] == getattr(asked, column), (name, key, column)
                if getattr(said, "orders", None) is not None:
                    places = moving.world.communities.places
                    reached = int(places[found.communities[: len(places)] == 1].sum())
                    assert found.orders == round(asked.orders * reached), (name, key)
    for ensemble in (moving, still):
        ensemble.advance(scenario.run.ticks)
    assert not same(moving.world.firms, still.world.firms)


def test_some_world_has_a_timetable_and_some_has_none():
    assert 0 < len(TIMED) < len(WORLDS)


# Experiments


@pytest.mark.parametrize("path", QUESTIONS, ids=by_name)
def test_every_arm_ends_elsewhere_than_the_baseline(path):
    """A counterfactual that changes nothing would be no question."""
    experiment = load_experiment(path)
    ends = {
        arm: ended(scenario, scenario.run.ticks) for arm, scenario in experiment.scenarios.items()
    }
    baseline = ends.pop(experiment.spec.baseline)
    for arm, ensemble in ends.items():
        assert not same(ensemble.world.firms, baseline.world.firms), arm


@pytest.mark.parametrize("path", QUESTIONS, ids=by_name)
def test_arms_share_firms_ties_and_sources_unless_they_say_otherwise(path):
    """On the same draws: founders, their ties and what sources hold are those of the baseline."""
    experiment = load_experiment(path)
    worlds = {arm: build((s,), (0,)) for arm, s in experiment.scenarios.items()}
    baseline = worlds.pop(experiment.spec.baseline)
    for arm, world in worlds.items():
        for column in ("mastered", "aware", "workers", "resources", "community"):
            assert np.array_equal(world.firms[column], baseline.firms[column]), (arm, column)
        assert same(world.sectors, baseline.sectors), arm
        kept = [name for name in world.names[0].chains if name in baseline.names[0].chains]
        assert kept == [n for n in baseline.names[0].chains if n in world.names[0].chains], arm


def test_no_institution_is_as_if_there_were_none():
    """The design ``none`` admits nobody and spends nothing: the world is the world without it."""
    base = SCENARIOS / "worlds" / "four_wine_regions.toml"
    none = SCENARIOS / "institutions" / "none.toml"
    without = load(base, ["run.ticks = 24"])
    design = part(none, Institution)
    assert isinstance(design, Institution)
    with_none = without.model_copy(update={"institutions": {"none": design}})
    one, other = ended(without, 24), ended(with_none, 24)
    for column in ("mastered", "aware", "resources", "wage", "contract", "born", "active"):
        assert np.array_equal(one.world.firms[column], other.world.firms[column]), column
    assert np.array_equal(one.series["public_cost"], other.series["public_cost"])
    assert one.ledger["practice"].tolist() == other.ledger["practice"].tolist()


def test_designs_of_the_library_cost_the_public_the_same_on_offer():
    for name in ("institution_library", "policy_instruments", "institutions"):
        experiment = load_experiment(SCENARIOS / "experiments" / f"{name}.toml")
        budgets = {
            sum(i.budget for i in (*s.institutions.values(), *s.instruments.values()))
            for arm, s in experiment.scenarios.items()
            if arm != experiment.spec.baseline
        }
        assert len(budgets) == 1, name
