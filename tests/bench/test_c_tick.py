"""The engine and the tick in C, written apart from one theory, give the same bytes."""

import warnings
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings

from bench.c_tick import side_by_side
from bench.c_twin import CTick, NoCompilerError, NoTwinError, Pair, unported
from bench.worlds import country
from model.engine import tick
from model.experiments.experiment import load_experiment
from model.parameters import each
from model.scenario.schema import Scenario
from tests.bench.test_same_trajectories import QUARTERS, busy, scenarios, with_room

WINE = Path(__file__).parents[2] / "scenarios" / "experiments" / "institutions.toml"
NUMBERS = {
    key: (key.split(".")[1], declared, declared.labels.index(label) if label else 0)
    for key, declared, label, _ in each()
}
"""Of each number of the theory its mechanism, its declaration and its place among its labels."""


@pytest.fixture(scope="module")
def twin() -> CTick:
    try:
        return CTick()
    except NoCompilerError as why:
        warnings.warn(f"the tick in C was not compared: {why}", stacklevel=1)
        pytest.skip(str(why))


def differences(twin: CTick, scenario: Scenario, *quarters: int) -> list[str]:
    pair = Pair.of(scenario)
    for quarter in quarters:
        pair.advance(quarter, twin)
        if found := pair.differences():
            return [f"quarter {quarter}", *found]
    return []


def test_the_same_without_institutions_and_policy(twin: CTick):
    data = country(80, quarters=80).model_dump()
    data |= {"institutions": {}, "instruments": {}, "timetable": {}}
    assert differences(twin, Scenario.model_validate(data), 1, 20, 80) == []


@pytest.mark.parametrize(
    "scenario",
    [
        country(80, quarters=80),
        country(216, quarters=20, apiece=18),
        busy(1),
        busy(4),
        with_room(),
    ],
)
def test_the_same_where_every_mechanism_is_at_work(twin: CTick, scenario: Scenario):
    assert differences(twin, scenario, *range(1, QUARTERS + 1), scenario.run.ticks) == []


@pytest.mark.parametrize("arm", ["none", "bridging"])
def test_the_same_in_four_wine_regions(twin: CTick, arm: str):
    assert differences(twin, load_experiment(WINE).scenarios[arm], 1, 8) == []


@settings(max_examples=25)
@given(scenario=scenarios())
@example(scenario=country(24, seed=9))
def test_the_same_in_any_country(twin: CTick, scenario: Scenario):
    assert differences(twin, scenario, 8) == []


@pytest.mark.parametrize("kept", [True, False])
def test_the_same_for_many_runs_on_two_threads(twin: CTick, kept: bool):
    pair = Pair.of(country(16, quarters=12), range(20), ledger=kept)
    pair.advance(12, twin, workers=2)
    assert pair.differences() == []


@cache
def advanced_by_engine(seed: int) -> Pair:
    """A busy country of which the engine has done four years and C nothing yet."""
    pair = Pair.of(busy(seed))
    pair.engine.advance(QUARTERS)
    return pair


def shows(twin: CTick, seed: int, key: str) -> bool:
    """Whether a number that is another one for C alone changes a bit within four years."""
    start = advanced_by_engine(seed)
    pair = start._replace(c=deepcopy(start.c))
    mechanism, declared, place = NUMBERS[key]
    numbers = pair.c.world.parameters[mechanism][declared.name].reshape(-1)
    far = numbers[place] - declared.low > declared.high - numbers[place]
    numbers[place] = declared.low if far else declared.high
    pair.advance(QUARTERS, twin)
    return bool(pair.differences())


@pytest.mark.parametrize("key", sorted(NUMBERS))
def test_any_number_changed_for_c_alone_shows(twin: CTick, key: str):
    """No agreement by chance: C reads each number of the theory, and it moves something."""
    assert any(shows(twin, seed, key) for seed in range(1, 9))


def test_another_seed_differs(twin: CTick):
    pair = Pair(Pair.of(country(16, seed=1)).engine, Pair.of(country(16, seed=2)).c)
    pair.advance(1, twin)
    assert pair.differences()


@pytest.mark.parametrize("table", ["firms", "ties", "chains", "sectors", "series", "ledger"])
def test_one_bit_that_differs_is_told_by_table_and_column(twin: CTick, table: str):
    pair = Pair.of(country(16, quarters=4))
    pair.advance(4, twin)
    held = {"series": pair.c.series, "ledger": pair.c._ledgers[0].rows}
    rows = np.asarray(held[table] if table in held else getattr(pair.c.world, table))
    column = rows.dtype.names[1]
    rows.view(np.uint8)[rows.dtype.fields[column][1]] ^= 1
    assert [line.split(",")[0] for line in pair.differences()] == [f"{table}.{column}"]


def test_what_was_not_written_in_c_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch):
    numbers = np.dtype([("awareness", [("meeting", "f8"), ("rumour", "f8")])])
    assert unported(numbers) == ["awareness.rumour"]

    def sing():
        """An event that the engine has not."""

    monkeypatch.setattr(tick, "sing", sing, raising=False)
    assert unported(np.dtype([]), lambda: (tick.learn, tick.sing)) == ["sing"]

    monkeypatch.setattr("bench.c_twin.unported", lambda parameters: ["awareness.rumour", "sing"])
    with pytest.raises(NoTwinError, match=r"^not written in C yet .*: awareness\.rumour, sing$"):
        CTick()


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(NoCompilerError, match="no C compiler"):
        CTick()


def test_what_is_timed_is_compared_too(twin: CTick, capsys: pytest.CaptureFixture):
    assert side_by_side(twin, 16, 4, 1)["same"]
    assert "NOT THE SAME" not in capsys.readouterr().out

    class Wrong:
        def advance(self, *given):
            needed = twin.advance(*given)
            given[4].new["wage"] += 1e-9
            return needed

    assert not side_by_side(Wrong(), 16, 4, 1)["same"]
    assert "NOT THE SAME: firms.wage" in capsys.readouterr().out
