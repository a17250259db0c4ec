"""Local ties, ties across communities, and a world as a networkx graph."""

import json
import random
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.practices import DIMENSIONS, PER_RUNG
from model.theory.road import HIGH
from model.theory.support import GOVERNANCE
from model.world.network import (
    FORMATS,
    TOPOLOGIES,
    local_ties,
    ties_across,
    ties_between,
    to_graph,
    write_graph,
)
from model.world.tables import FORUM, TIE_KINDS
from tests.worlds import EVERYTHING, ONE, live, parameters, scenario

topologies = pytest.mark.parametrize("topology", TOPOLOGIES)


def rng(seed=1):
    return np.random.default_rng(seed)


def assert_simple(pairs, places):
    """Each pair once, nobody with itself, smaller first, sorted, within range."""
    assert pairs.dtype == np.int32
    assert pairs.shape == (len(pairs), 2)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert ((pairs >= 0) & (pairs < places)).all()
    as_tuples = [tuple(pair) for pair in pairs.tolist()]
    assert as_tuples == sorted(set(as_tuples))


@given(
    st.sampled_from(TOPOLOGIES),
    st.integers(1, 40),
    st.floats(0, 12),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_local_ties_join_two_different_places_once(topology, places, ties, rewiring, seed):
    assert_simple(local_ties(topology, places, ties, rewiring, rng(seed)), places)


@given(st.integers(2, 60), st.floats(0, 12), st.floats(0, 1), st.integers(0, 99))
def test_a_small_world_has_the_ties_it_was_asked_for(places, ties, rewiring, seed):
    """Half the places times ties a firm, to the tie, or all pairs that there are."""
    found = len(local_ties("small_world", places, ties, rewiring, rng(seed)))
    assert found == min(round(places * ties / 2), places * (places - 1) // 2)


def test_a_random_graph_has_the_ties_it_was_asked_for_on_average():
    counts = [len(local_ties("random", 60, 5.0, 0.0, rng(seed))) for seed in range(100)]
    pairs, chance = 60 * 59 / 2, 5 / 59
    error = np.sqrt(pairs * chance * (1 - chance) / 100)
    assert np.mean(counts) == pytest.approx(150, abs=4 * error)


def test_a_star_ties_all_to_one_and_none_ties_nobody():
    assert local_ties("star", 5, 4.0, 0.0, rng()).tolist() == [[0, i] for i in range(1, 5)]
    assert len(local_ties("none", 5, 4.0, 0.0, rng())) == 0


def test_a_small_world_is_clustered_and_rewiring_shortens_its_paths():
    """Watts and Strogatz (1998): some ties across town cut the distance, less so the clustering."""
    ring, rewired = (
        nx.Graph(local_ties("small_world", 200, 6.0, share, rng()).tolist()) for share in (0, 0.1)
    )
    # the closed form of a ring in which each is tied to the 6 nearest: 3 (k - 2) / (4 (k - 1))
    assert nx.average_clustering(ring) == pytest.approx(3 * 4 / (4 * 5))
    assert nx.average_clustering(rewired) > 0.3
    assert nx.average_shortest_path_length(rewired) < nx.average_shortest_path_length(ring) / 2


@topologies
def test_the_same_generator_gives_the_same_ties(topology):
    one, other = (local_ties(topology, 30, 4.5, 0.3, rng(7)) for _ in range(2))
    assert (one == other).all()


@pytest.mark.parametrize("topology", ["small_world", "random"])
def test_another_seed_gives_other_ties(topology):
    one, other = (local_ties(topology, 30, 4.5, 0.3, rng(seed)).tolist() for seed in (7, 8))
    assert one != other


@topologies
def test_no_global_generator_is_touched_or_asked(topology):
    """networkx falls back on global ones where it is given none; the same graph would not come."""
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    one = local_ties(topology, 30, 4.5, 0.3, rng(7))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    random.seed(4)
    np.random.seed(4)  # noqa: NPY002
    assert (local_ties(topology, 30, 4.5, 0.3, rng(7)) == one).all()


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 1)), min_size=1, max_size=5),
    st.floats(0, 4),
    st.integers(0, 99),
)
def test_ties_across_join_communities_of_one_trade(communities, ties, seed):
    places, trade = np.array(communities).T
    first = np.cumsum(places) - places
    pairs = ties_across(first, places, trade, ties, rng(seed))
    assert_simple(pairs, places.sum())
    community = np.repeat(np.arange(len(places)), places)
    a, b = community[pairs[:, 0]], community[pairs[:, 1]]
    assert (a != b).all()
    assert (trade[a] == trade[b]).all()
    assert len(pairs) <= round(places.sum() * ties / 2)


def test_ties_across_are_as_many_as_asked_for_where_there_is_room():
    first, places, trade = np.array([0, 30, 60]), np.array([30, 30, 40]), np.array([0, 0, 0])
    assert len(ties_across(first, places, trade, 2.0, rng())) == 100
    few = ties_across(np.array([0, 2]), np.array([2, 2]), np.array([0, 0]), 20.0, rng())
    assert few.tolist() == [[0, 2], [0, 3], [1, 2], [1, 3]]


@pytest.fixture(scope="module")
def world():
    hard = parameters(resources={"patience": 1, "entry": 0.0, "endowment": 0.0, "volatility": 1.0})
    return live(scenario(*EVERYTHING, hard), 12).world


def test_the_graph_shows_everybody_in_business_and_every_tie(world):
    graph, view = to_graph(world), world.slice(0)
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert kinds.count("sme") == view.firms.active.sum() < len(view.firms)
    assert kinds.count("lead_firm") == 4
    assert kinds.count("institution") == len(world.names[0].institutions)
    active = view.firms.active == 1
    types = [what for _, _, what in graph.edges(data="type")]
    for number, name in enumerate(TIE_KINDS):
        ties = view.ties[view.ties.kind == number]
        assert types.count(name) == (active[ties.a] & active[ties.b]).sum()
    assert types.count("contract") == (view.firms.contract >= 0).sum()
    assert types.count("member") == np.bitwise_count(view.firms.members).sum()
    assert {"local", "contract", "member"} <= set(types)


def test_the_graph_names_modes_communities_and_trust(world):
    graph = to_graph(world)
    modes = {n: graph.nodes[n]["governance"] for n in graph if n.startswith("lead_firm:")}
    assert modes == {f"lead_firm:{mode}": mode for mode in GOVERNANCE}
    communities = {name for _, name in graph.nodes(data="community") if name is not None}
    assert communities == {"here", "there"}
    trusts = [trust for *_, trust in graph.edges(data="trust") if trust is not None]
    assert all(0 <= trust <= 1 for trust in trusts)


def test_room_for_ties_to_come_is_not_shown():
    start = live(scenario(*EVERYTHING), 0).world
    assert len(start.ties) > start.runs[0].used_ties
    shown = [what for *_, what in to_graph(start).edges(data="type") if what in TIE_KINDS]
    assert len(shown) == start.runs[0].used_ties
    assert TIE_KINDS[FORUM] not in shown


def test_nodes_carry_what_the_tables_hold(world):
    graph, view = to_graph(world), world.slice(0)
    for row, firm in enumerate(view.firms):
        if not firm.active:
            continue
        shown = graph.nodes[f"sme:{row}"]
        for d, dimension in enumerate(DIMENSIONS):
            assert shown[dimension] == int(firm.mastered[d]).bit_count() / PER_RUNG
        assert shown["road"] == ("high" if firm.road == HIGH else "low")
        assert (shown["wage"], shown["born"]) == (firm.wage, firm.born)
    assert graph.graph["quarter"] == 12


def test_every_edge_has_a_name_of_its_own(world):
    keys = [key for *_, key in to_graph(world).edges(keys=True)]
    assert len(set(keys)) == len(keys) > 20


READ = {
    "graphml": lambda path: nx.read_graphml(path, force_multigraph=True),
    "json": lambda path: nx.node_link_graph(json.loads(path.read_text(encoding="utf-8"))),
    "gexf": nx.read_gexf,
}


def described(graph):
    """Nodes and edges with all that they carry, however a format calls the type of an edge."""
    nodes = {n: {k: v for k, v in d.items() if k != "label"} for n, d in graph.nodes(data=True)}
    edges = sorted(
        (*sorted((a, b)), data.get("relation", data.get("type")), data.get("trust"))
        for a, b, data in graph.edges(data=True)
    )
    return nodes, edges


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_graph_survives_the_way_through_a_file(world, tmp_path, suffix):
    graph, path = to_graph(world), tmp_path / f"world.{suffix}"
    write_graph(graph, path)
    again = READ[suffix](path)
    assert suffix == "gexf" or isinstance(
        again, nx.MultiGraph
    )  # its reader makes it as simple as it is
    nodes, edges = described(again)
    expected_nodes, expected_edges = described(graph)
    assert nodes == expected_nodes
    assert edges == expected_edges
    if suffix != "gexf":  # there networkx puts the key of an edge into its id
        assert again.graph == graph.graph if suffix == "json" else again.graph["title"]
        assert sorted(key for *_, key in again.edges(keys=True)) == sorted(
            key for *_, key in graph.edges(keys=True)
        )


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_ids_of_edges_in_a_file_are_unique(world, tmp_path, suffix):
    write_graph(to_graph(world), tmp_path / f"world.{suffix}")
    tree = ElementTree.parse(tmp_path / f"world.{suffix}")
    ids = [e.get("id") for e in tree.iter() if e.tag.rpartition("}")[2] == "edge"]
    assert None not in ids
    assert len(set(ids)) == len(ids) == to_graph(world).number_of_edges()


@pytest.mark.parametrize("suffix", FORMATS)
def test_equal_graphs_give_equal_files_without_a_date(world, tmp_path, suffix):
    one, other = tmp_path / f"one.{suffix}", tmp_path / f"other.{suffix}"
    write_graph(to_graph(world), one)
    write_graph(to_graph(world), other)
    assert one.read_bytes() == other.read_bytes()
    assert b"lastmodified" not in one.read_bytes()


def test_a_graph_of_another_format_is_refused_with_what_to_write(world, tmp_path):
    with pytest.raises(
        ValueError, match=r"world\.dot: a graph is written as \.graphml, \.json, \.gexf"
    ):
        write_graph(to_graph(world), tmp_path / "world.dot")


def test_the_graph_of_one_run_of_many_is_its_own():
    world = live(scenario(ONE), 0, (0, 1)).world
    alone = to_graph(live(scenario(ONE), 0, (1,)).world)
    assert nx.utils.graphs_equal(to_graph(world, 1), alone)
    assert not nx.utils.graphs_equal(to_graph(world, 0), alone)


@given(
    st.integers(2, 60), st.integers(1, 8), st.floats(0.5, 10), st.floats(0, 1), st.integers(0, 99)
)
def test_poles_are_small_worlds_with_some_ties_between(places, poles, ties, share, seed):
    pairs = local_ties("poles", places, ties, share, rng(seed), poles)
    assert_simple(pairs, places)
    inner = sum(
        min(round(n * ties / 2), n * (n - 1) // 2)
        for n in (len(range(pole, places, poles)) for pole in range(min(poles, places)))
    )
    if poles > 1:
        bridges = (pairs[:, 0] % poles != pairs[:, 1] % poles).sum()
        assert bridges <= round(share * inner)
        assert len(pairs) - bridges == inner - round(share * inner)
    else:
        assert len(pairs) == inner


def test_without_bridges_poles_are_as_many_worlds_apart():
    pairs = local_ties("poles", 60, 4.0, 0.0, rng(), 3)
    assert nx.number_connected_components(nx.Graph(pairs.tolist())) == 3
    joined = local_ties("poles", 60, 4.0, 0.2, rng(), 3)
    assert nx.number_connected_components(nx.Graph(joined.tolist())) == 1


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 20), st.integers(0, 99))
def test_ties_between_two_communities_are_as_many_as_asked_for(here, there, ties, seed):
    pairs = ties_between((40, there), (2, here), ties, rng(seed))
    assert_simple(pairs, 40 + there)
    assert len(pairs) == min(round((here + there) * ties / 2), here * there)
    assert ((pairs[:, 0] >= 2) & (pairs[:, 0] < 2 + here) & (pairs[:, 1] >= 40)).all()


THREE = {
    "communities": {n: {"sector": "trade", "firms": 20} for n in ("there", "yonder")},
    "across": {"ties": 1.0, "trust": 0.2},
}
JOINED = {
    "across": {"pairs": {"joined": {"between": ["yonder", "here"], "ties": 2.0, "trust": 0.7}}}
}


def across(*layers, ticks=0):
    world = live(scenario(ONE, THREE, *layers), ticks, horizon=9).world
    ties = world.ties[world.ties.kind == 1]
    ends = np.sort(world.firms.community[np.stack([ties.a, ties.b])], axis=0).T
    return ties, ends.tolist()


def test_a_pair_of_communities_has_ties_of_its_own_instead():
    ties, ends = across(JOINED)
    own = np.array([pair == [0, 2] for pair in ends])
    assert own.sum() == round((12 + 20) * 2.0 / 2)
    assert (ties.trust[own] == 0.7).all()
    assert (ties.trust[~own] == 0.2).all()
    assert (~own).any()


def test_pairs_do_not_redraw_each_other():
    more = {"across": {"pairs": {"near": {"between": ["here", "there"], "ties": 1.0}}}}
    one, both = (across(*x) for x in ((JOINED,), (JOINED, more)))
    own = [
        [(t.a, t.b) for t, p in zip(*found, strict=True) if p == [0, 2]] for found in (one, both)
    ]
    assert own[0] == own[1]


def test_a_timetable_changes_the_trust_of_one_pair():
    change = {"across": {"trust": 0.4, "pairs": {"joined": {"trust": 0.1}}}, "tick": 2}
    ties, ends = across(JOINED, {"timetable": {"quarrel": change}}, ticks=3)
    own = np.array([pair == [0, 2] for pair in ends])
    assert (ties.usual[own] == 0.1).all()
    assert (ties.usual[~own] == 0.4).all()


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (["here", "her"], "there is no community 'her'"),
        (["here", "here"], "names the same community twice"),
        (["here", "yonder"], "are those of across.pairs.joined"),
    ],
)
def test_a_pair_that_is_none_is_refused(between, said):
    with pytest.raises(ValueError, match=said):
        scenario(ONE, THREE, JOINED, {"across": {"pairs": {"wrong": {"between": between}}}})
