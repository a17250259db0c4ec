"""``run.py network``: what it writes, other programs and networkx read back."""

import json
from pathlib import Path

import networkx as nx
import pytest

import run
from model.engine.ensemble import Ensemble
from model.scenario import load
from model.world.build import build
from model.world.network import FORMATS, to_graph

WORLD = run.ROOT / "scenarios" / "worlds" / "four_wine_regions.toml"
QUARTERS = (0, 4, 12)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("network") / "out"
    asked = [part for quarter in reversed(QUARTERS) for part in ("--quarter", str(quarter))]
    arguments = ["network", str(WORLD), *asked, "--seed", "3", "--out", str(out), "--quiet"]
    assert run.door(arguments) == 0
    return out


def read(folder: Path, quarter: int) -> nx.MultiGraph:
    text = (folder / f"network_quarter_{quarter}.json").read_text(encoding="utf-8")
    return nx.node_link_graph(json.loads(text))


def test_a_file_a_quarter_and_format(written):
    files = {path.name for path in written.iterdir()} - {"manifest.json"}
    assert files == {f"network_quarter_{q}.{suffix}" for q in QUARTERS for suffix in FORMATS}
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["quarters"] == list(QUARTERS)
    assert manifest["scenarios"][WORLD.stem]["run"]["seed"] == 3


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_files_show_the_world_at_that_quarter(written, quarter):
    scenario = load(WORLD, ["run.seed=3"])
    ensemble = Ensemble(build((scenario,), (0,)), scenario.run.ticks)
    ensemble.advance(quarter)
    expected = to_graph(ensemble.world)
    again = read(written, quarter)
    assert nx.utils.graphs_equal(again, expected)
    assert again.graph["quarter"] == quarter
    for graph in (
        nx.read_graphml(written / f"network_quarter_{quarter}.graphml", force_multigraph=True),
        nx.read_gexf(written / f"network_quarter_{quarter}.gexf"),
    ):
        assert graph.nodes.keys() == expected.nodes.keys()
        assert graph.number_of_edges() == expected.number_of_edges()


def test_quarters_and_seeds_differ(written, tmp_path):
    assert not nx.utils.graphs_equal(read(written, 0), read(written, 12))
    out = tmp_path / "out"
    arguments = ["network", str(WORLD), "--quarter", "0", "--seed", "4", "--out", str(out)]
    assert run.door([*arguments, "--quiet"]) == 0
    assert not nx.utils.graphs_equal(read(written, 0), read(out, 0))


def test_by_default_the_end_and_a_line_for_scripts(tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["network", str(WORLD), "--set", "run.ticks=3", "--out", str(out), "--json"]
    assert run.door([*arguments, "--quiet"]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    graph = read(out, 3)
    assert facts["out"] == str(out)
    assert [row["quarter"] for row in facts["quarters"]] == [3]
    assert facts["quarters"][0]["nodes"] == graph.number_of_nodes()
    kinds = [kind for *_, kind in graph.edges(data="type")]
    assert facts["quarters"][0]["local"] == kinds.count("local") > 0


def test_a_quarter_beyond_the_run_is_refused_before_anything_is_run(tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["network", str(WORLD), "--set", "run.ticks=8", "--quarter", "9", "--out", str(out)]
    assert run.door(arguments) == 2
    assert "--set run.ticks=9" in capsys.readouterr().err
    assert not out.exists()
