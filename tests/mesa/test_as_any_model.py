"""What Mesa asks of its own model, of its batch runs and of its page in its tests, asked of this one."""

import inspect
import re
from pathlib import Path

import mesa
import numpy as np
import pytest

from model.agents import SME, BridgingInstitution, LeadFirm
from model.mesa_model import UpgradingModel
from model.scenario.faults import InputError
from tests.mesa.small import same, small

PAGE = (Path(__file__).parents[2] / "docs" / "mesa.md").read_text(encoding="utf-8")
KINDS = {SME, LeadFirm, BridgingInstitution}


class Guest(mesa.Agent):
    """An agent of a user."""


def numbers(model):
    """What the generators of Mesa that a model has give next."""
    return model.random.random(), model.rng.random()


def test_a_new_model_runs_and_counts_its_steps():
    model = UpgradingModel(small(ticks=3), rng=1)
    assert model.running is True
    for step in range(1, 4):
        model.step()
        assert model.tick == step
        assert getattr(model, "steps", step) == step  # Mesa 4 has `time` only
        assert getattr(model, "time", step) == step
    assert model.running is False


def test_it_runs_until_it_says_that_it_does_not():
    class Impatient(UpgradingModel):
        def step(self):
            super().step()
            self.running = self.tick < 2

    model = Impatient(small(ticks=8), rng=1)
    model.run_model()
    assert model.tick == 2


def test_the_generators_of_mesa_begin_with_the_seed():
    spec = small(ticks=1)
    assert numbers(UpgradingModel(spec, rng=42)) == numbers(UpgradingModel(spec, rng=42))
    one, other = numbers(UpgradingModel(spec, rng=42)), numbers(UpgradingModel(spec, rng=43))
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_the_generators_of_mesa_begin_anew():
    model = UpgradingModel(small(ticks=1), rng=5)
    first = numbers(model)
    model.reset_rng(6)
    assert numbers(model) != first
    model.reset_rng()
    assert numbers(model)[1] == first[1]


def test_the_first_seed_comes_back_and_both_changes_are_noted():
    spec = small(ticks=8)
    model = UpgradingModel(spec, rng=5)
    model.reset_rng()  # it is the first seed already
    assert model.ensemble.interventions == []
    model.reset_rng(6)
    model.reset_rng()
    assert model.ensemble.interventions == [{"tick": 0, "rng": 6}, {"tick": 0, "rng": 5}]
    model.run_model()
    plain = UpgradingModel(spec, rng=5)
    plain.run_model()
    assert same(model.ensemble.series, plain.ensemble.series)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.PCG64, np.random.SeedSequence])
def test_a_generator_of_numpy_gives_a_seed(make):
    spec = small(ticks=1)
    seeds = [UpgradingModel(spec, rng=make(number)).seed for number in (3, 3, 4)]
    assert seeds[0] == seeds[1] != seeds[2]


def test_a_seed_by_its_old_name_is_answered():
    with pytest.raises(TypeError, match="seed = 3: give the seed as `rng`"):
        UpgradingModel(small(ticks=1), seed=3)


def test_types_of_agents_with_a_guest():
    model = UpgradingModel(small(ticks=1), rng=1)
    guest = Guest(model)
    assert guest in model.agents
    assert set(model.agent_types) == KINDS | {Guest}
    assert set(model.agents_by_type) == KINDS | {Guest}
    assert list(model.agents_by_type[Guest]) == [guest]
    guest.remove()
    assert guest not in model.agents
    assert len(model.companions) == 0


def test_removing_all_agents_changes_nothing_in_the_world():
    spec = small("parameters.resources.patience = 1", ticks=6)
    model, other = UpgradingModel(spec, rng=1), UpgradingModel(spec, rng=1)
    Guest(model)
    assert len(model.agents) > 100
    model.remove_all_agents()
    assert len(model.agents) == 0
    model.run_model()
    other.run_model()
    assert same(model.ensemble.ledger, other.ensemble.ledger)


def test_a_collector_of_ones_own_in_place_of_ours():
    model = UpgradingModel(small(ticks=3), rng=1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"tick": "tick", "exporters": lambda m: m.measure("exporters")},
        agenttype_reporters={SME: {"wage": "wage"}},
    )
    model.run_model()
    assert model.datacollector.get_model_vars_dataframe()["tick"].tolist() == [1, 2, 3]
    assert len(model.datacollector.get_agenttype_vars_dataframe(SME)) == 300


def test_a_batch_collects_agents_each_quarter_in_processes_of_its_own():
    from mesa.batchrunner import batch_run  # Mesa 4 begins without it

    outside = "rng" in inspect.signature(batch_run).parameters
    seeds = {"rng": [1, 2]}
    rows = batch_run(
        UpgradingModel,
        {"world": [small(ticks=3)], "agent_reporters": [{"title": "name"}]}
        | ({} if outside else seeds),
        number_processes=2,
        data_collection_period=1,
        display_progress=False,
        **(seeds if outside else {}),
    )
    assert {(row["rng"], row["Step"]) for row in rows} >= {(1, 1), (2, 1)}
    assert {row["title"] for row in rows if row["Step"] == 1} >= {"sme:0", "lead_firm:owner"}


def test_an_association_has_no_keys_to_change():
    model = UpgradingModel(small(ticks=2), rng=1)
    with pytest.raises(InputError, match="association_valley: is laid out with its community"):
        model.intervene(model.agent("institution:association_valley"), budget=3.0)


def test_the_page_that_docs_show_steps_and_makes_a_new_model_on_reset(monkeypatch):
    solara = pytest.importorskip("solara", reason="no Solara: uv run --group viewer pytest")
    import ipyvuetify

    made = []
    begin = UpgradingModel.__init__

    def noted(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        made.append((self, kwargs))

    noted.__signature__ = inspect.signature(begin)  # by which Mesa judges the parameters
    monkeypatch.setattr(UpgradingModel, "__init__", noted)
    (shown,) = re.findall(r"```python\n(# app\.py\n.*?)```", PAGE, re.DOTALL)
    session = {"__name__": "page"}
    exec(compile(shown, "docs/mesa.md", "exec"), session)
    _, rendered = solara.render(solara.AppLayout(children=[session["page"]]), handle_error=False)

    def press(name):
        buttons = rendered.find(ipyvuetify.Btn).widgets
        (button,) = [each for each in buttons if name in map(str, each.children or ())]
        button.click()

    press("Step")
    press("Step")
    assert [model.tick for model, _ in made] == [2]
    press("Reset")
    press("Step")
    assert [model.tick for model, _ in made] == [2, 1]
    assert made[1][1]["across.ties"] == 0.5
    rendered.close()
