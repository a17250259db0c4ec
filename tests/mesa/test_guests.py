"""What users of Mesa do with a model: agents of their own, changes on the way, keys varied, pickles."""

import inspect
import json
import pickle
import warnings

import mesa
import numpy as np
import pandas as pd
import pytest

from model.agents import SME
from model.mesa_model import UpgradingModel
from model.records.records import simulate
from model.scenario.faults import InputError
from model.theory.practices import DIMENSIONS
from tests.mesa.small import same, small


class Observer(mesa.Agent):
    """Writes down how many exporters there are."""

    def __init__(self, model):
        super().__init__(model)
        self.seen = []

    def step(self):
        self.seen.append(self.model.measure("exporters"))


class Watched(UpgradingModel):
    def __init__(self, world, rng=None, observers=2, **keys):
        super().__init__(world, rng, **keys)
        Observer.create_agents(self, observers)


def run(model, quarters):
    for _ in range(quarters):
        model.step()
    return model


def frames_equal(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_companions_step_along_and_change_nothing():
    spec = small(ticks=8)
    watched, alone = run(Watched(spec, 5), 6), run(UpgradingModel(spec, 5), 6)
    frames_equal(watched.records.series, alone.records.series)
    seen = [agent.seen for agent in watched.companions]
    assert seen == [alone.records.country["exporters"].tolist()] * 2
    assert len(watched.agents) == len(alone.agents) + 2
    assert watched.agents_by_type[Observer] is not None
    assert len(watched.agents_by_type[SME]) == len(alone.agents_by_type[SME])


def test_ids_of_companions_are_nobody_elses():
    model = Watched(small("parameters.resources.patience = 1", ticks=12), 3, observers=3)
    for _ in range(8):
        model.step()
        Observer(model)
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids)
    assert min(agent.unique_id for agent in model.companions) > max(
        firm.unique_id for firm in model.agents_by_type[SME]
    )


def test_iterations_of_a_batch_differ_and_dotted_keys_vary():
    from mesa.batchrunner import batch_run  # Mesa 4 begins without it

    spec = small(ticks=4)
    outside = "rng" in inspect.signature(batch_run).parameters
    more = {"rng": [None] * 3} if outside else {"iterations": 3}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = batch_run(
            UpgradingModel,
            {"world": [spec], "run.ticks": [3, 4]},
            display_progress=False,
            **more,
        )
    table = pd.DataFrame(found)
    assert len(table) == 6
    assert table.groupby("run.ticks")["process"].nunique().tolist() == [3, 3]
    assert UpgradingModel.from_keys(spec, **{"run.ticks": 3}).horizon == 3
    with pytest.raises(InputError, match=r"run\.tick"):
        UpgradingModel(spec, **{"run.tick": 3})
    with pytest.raises(InputError, match="replicat"):
        UpgradingModel(spec, replicat=3)


def test_what_a_page_of_mesa_hands_to_a_model_on_reset():
    spec = small(ticks=2)
    scenarios = pytest.importorskip("mesa.experimental.scenarios", reason="Mesa before 3.5")
    assert UpgradingModel(spec, 1, scenario=scenarios.Scenario()).horizon == 2
    with pytest.raises(TypeError, match="give the scenario as `world`"):
        UpgradingModel(spec, 1, scenario=spec)


def test_the_argument_of_mesas_is_refused_on_every_mesa():
    with pytest.raises(TypeError, match="give the scenario as `world`"):
        UpgradingModel(small(ticks=2), 1, scenario="world.toml")


def test_pickles_go_on_as_if_nothing_had_been():
    spec = small(ticks=8)
    assert pickle.loads(pickle.dumps(spec)) == spec
    model = run(Watched(spec, 4), 3)
    records = model.records
    twin = pickle.loads(pickle.dumps(model))
    frames_equal(pickle.loads(pickle.dumps(records)).series, records.series)
    frames_equal(run(model, 4).records.series, run(twin, 4).records.series)
    assert [len(agent.seen) for agent in twin.companions] == [7, 7]


def test_a_change_of_what_a_file_says_is_in_the_timetable_of_the_manifest():
    spec = small(ticks=12)
    model = run(UpgradingModel(spec, 6), 4)
    chain = model.lead_firm(0)
    model.intervene(chain, orders=0.02)
    model.intervene(**{"across.trust": 0.9})
    assert chain.orders != 2  # from the next quarter on
    run(model, 4)
    assert chain.orders == 2
    run(model, 4)
    untouched = run(UpgradingModel(spec, 6), 12)
    assert not model.records.series.equals(untouched.records.series)
    again = simulate(model.world_spec, replicates=1)
    frames_equal(
        model.records.series.drop(columns="scenario"), again.series.drop(columns="scenario")
    )
    told = model.records.manifest["scenarios"]["scenario"]["timetable"]
    mine = {name: change["tick"] for name, change in told.items() if name not in spec.timetable}
    assert mine == {"intervention_1": 4, "intervention_2": 4}


def test_the_state_of_a_firm_is_written_and_noted():
    model = run(UpgradingModel(small(ticks=8), 6), 2)
    firm = model.sme(3)
    practice = ("functional", 1, 16)
    model.intervene(firm, resources=7.5, masters=[practice])
    assert firm.resources == 7.5
    assert practice[1:] in firm.mastered["functional"]
    assert practice[1:] in firm.aware["functional"]
    model.intervene(firm, forgets=[practice])
    assert practice[1:] not in firm.mastered["functional"]
    noted = model.records.manifest["interventions"]
    assert [each["tick"] for each in noted] == [2, 2]
    assert noted[0]["set"]["resources"] == 7.5
    json.dumps(model.records.manifest)
    plain = run(UpgradingModel(small(ticks=8), 6), 2).records.manifest
    assert plain["digest"] != model.records.manifest["digest"]
    assert "interventions" not in plain


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wage": 3}, "there are resources"),
        ({"resources": -1}, "from 0"),
        ({"resources": "much"}, "from 0"),
        ({"resources": float("nan")}, "from 0"),
        ({"masters": [("art", 1, 1)]}, "kind of upgrading"),
        ({"masters": [(DIMENSIONS[0], 4, 1)]}, "rung"),
        ({"masters": "process"}, "list"),
    ],
)
def test_what_cannot_be_set_is_one_line_and_nothing_is_written(changes, said):
    model = UpgradingModel(small(ticks=4), 6)
    before = model.world.firms.copy()
    with pytest.raises(InputError, match=said):
        model.intervene(model.sme(0), workers=3, **changes)
    assert same(model.world.firms, before)


def test_a_key_that_is_not_there_is_named():
    model = UpgradingModel(small(ticks=4), 6)
    with pytest.raises(InputError, match="ordres"):
        model.intervene(model.lead_firm(0), ordres=3)


def test_another_seed_from_now_on():
    spec = small(ticks=12)
    plain = run(UpgradingModel(spec, 6), 10)
    model = run(UpgradingModel(spec, 6), 5)
    model.reset_rng(99)
    run(model, 5)
    n = len(model.names.communities)
    one, other = (np.asarray(m.ensemble.series[: 10 * n]) for m in (plain, model))
    assert one[: 5 * n].tobytes() == other[: 5 * n].tobytes()
    assert one[5 * n :].tobytes() != other[5 * n :].tobytes()
    assert model.records.manifest["interventions"] == [{"tick": 5, "rng": 99}]


def test_a_hook_after_each_quarter():
    class Closing(UpgradingModel):
        def after_quarter(self):
            if self.measure("in_chain") >= 0 and self.tick == 3:
                self.running = False

    model = Closing(small(ticks=12), 1)
    model.run_model()
    assert model.tick == 3
