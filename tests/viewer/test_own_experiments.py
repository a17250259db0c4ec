"""Experiments of one's own: their arms are designs of their world, and twins of each other."""

from pathlib import Path

import pytest

from model.experiments.experiment import load_experiment
from model.scenario.faults import InputError
from model.viewer import launch, library
from model.viewer.design import open_design
from model.viewer.library import FOLDER, is_experiment, path_of, ready_made, take_in
from model.viewer.view_request import SERVER, designs_of, requested_view, twin_of

WORLD = path_of("worlds/four_wine_regions").as_posix()
ARMS = f"""
title = "Mine"
base = "{WORLD}"
baseline = "now"
outcomes = [{{ measure = "product" }}]
[arms.now]
title = "What there is"
[arms.more_trust.overlay.communities.valley]
trust = 0.9
"""
FACTORS = """
title = "Crossed"
base = "world.toml"
baseline = "0.2__low"
outcomes = [{ measure = "product" }]
[overlay.run]
ticks = 12
[factors.trust]
key = "communities.valley.trust"
values = [0.2, 0.9]
[factors.orders.levels.low.overlay.chains.supermarkets]
orders = 0.1
[factors.orders.levels.high.overlay.chains.supermarkets]
orders = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A world of one's own and two experiments, one of them on a world that ships."""
    monkeypatch.setattr(library, "OWN", {})
    (tmp_path / "world.toml").write_text(f'extends = "{WORLD}"\ntitle = "My world"\n')
    (tmp_path / "arms.toml").write_text(ARMS)
    (tmp_path / "crossed.toml").write_text(FACTORS)
    return tmp_path


def asked(given: Path, design: str = "", twin: bool = False):
    wanted = launch._view_request(given, design, [], None, twin)
    SERVER.start = wanted
    return designs_of(wanted)


def test_arms_are_offered_and_are_the_scenarios_that_compare_runs(folder: Path):
    for file in ("arms.toml", "crossed.toml"):
        experiment = load_experiment(folder / file)
        base, baseline = take_in(folder / file)
        arms = {key: ready for key, ready in ready_made(base).items() if key.startswith("yours/")}
        assert {key.partition(".")[2] for key in arms} == set(experiment.scenarios)
        for key in arms:
            design = open_design(base, key)
            assert design.scenario == experiment.scenarios[key.partition(".")[2]]
        assert baseline == f"yours/{Path(file).stem}.{experiment.spec.baseline}"


def test_an_experiment_given_opens_its_world_with_its_arms_as_twins(folder: Path):
    one, other = asked(folder / "arms.toml", twin=True)
    assert [one.title, other.title] == ["What there is", "more trust"]
    assert other.scenario.communities["valley"].trust == 0.9
    (alone,) = asked(folder / "arms.toml", design="more_trust")
    assert alone.scenario == other.scenario


def test_a_folder_given_offers_all_that_lies_in_it(folder: Path):
    asked(folder)
    assert [Path(name).name for name in SERVER.files] == ["world.toml"]
    assert folder == SERVER.folder
    name = next(iter(SERVER.files))
    designs = designs_of(requested_view(f"?scenario={name}&design_a=yours/crossed.0.9__high"))
    assert designs[0].scenario.communities["valley"].trust == 0.9
    twin = twin_of(designs[0])
    assert twin.ready == "yours/crossed.0.2__low"


def test_one_that_ships_is_offered_once():
    file = FOLDER / "experiments" / "institutions.toml"
    assert is_experiment(file)
    _, baseline = take_in(file)
    assert baseline == "institutions.none"
    assert not any(key.startswith("yours/institutions") for key in library.OWN)


def test_two_of_one_name_stay_two(folder: Path, tmp_path: Path):
    other = tmp_path / "deeper"
    other.mkdir()
    (other / "arms.toml").write_text(ARMS.replace("0.9", "0.8"))
    take_in(folder / "arms.toml")
    take_in(other / "arms.toml")
    take_in(folder / "arms.toml")
    assert list(library.OWN) == ["yours/arms", "yours/arms_2"]


def test_a_faulty_one_is_told_as_check_tells_it_and_not_offered(folder: Path):
    bad = folder / "bad.toml"
    bad.write_text(ARMS.replace("trust = 0.9", "trsut = 0.9"))
    with pytest.raises(InputError, match="did you mean trust"):
        take_in(bad)
    assert library.OWN == {}
