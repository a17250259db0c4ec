"""The graph of a world: the only file that knows networkx.

Local ties are built by networkx generators from a seeded generator of our own (networkx must never
reach for a global one), and any world goes out as a networkx graph, GraphML, node-link JSON or GEXF.
Arrays stay the truth; the graph is a face.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from model.theory.practices import DIMENSIONS, score
from model.theory.road import HIGH
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.tables import NOBODY, SPARE, TIE_KINDS

if TYPE_CHECKING:
    from model.world.build import World

TOPOLOGIES = ("small_world", "poles", "random", "star", "none")
_FEWEST = 1e-9  # ties a firm: with fewer nobody is tied, nor could networkx draw by so low a chance


def local_ties(
    topology: str,
    places: int,
    ties: float,
    rewiring: float,
    rng: np.random.Generator,
    poles: int = 1,
) -> np.ndarray:
    """Ties between the places of one community.

    Returns (m, 2) int32 of place numbers, each pair once, smaller first, sorted. ``ties`` is the mean
    number a firm; a star ties all to place 0 and a small world is that of Watts and Strogatz (1998),
    thinned where the mean is not even; with ``poles`` each of so many groups of places is a small world
    of its own, and ``rewiring`` is the share of ties that lead from one to another.
    """
    if topology == "none" or places < 2 or ties < _FEWEST:
        return np.empty((0, 2), np.int32)
    if topology == "poles" and poles > 1:
        return _poles(places, ties, rewiring, rng, poles)
    if topology == "star":
        graph = nx.star_graph(places - 1)
    elif topology == "random":
        graph = nx.fast_gnp_random_graph(places, min(1.0, ties / (places - 1)), seed=rng)
    else:
        even = 2 * int(np.ceil(ties / 2))
        graph = nx.watts_strogatz_graph(places, min(even, places), rewiring, seed=rng)
    pairs = np.array(graph.edges, np.int32).reshape(-1, 2)
    wanted = round(places * ties / 2)
    if topology in ("small_world", "poles") and len(pairs) > wanted:
        pairs = pairs[rng.permutation(len(pairs))[:wanted]]
    pairs.sort(axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def ties_of_newcomers(
    pairs: np.ndarray, founders: int, room: int, ties: float, rng: np.random.Generator
) -> np.ndarray:
    """The ties of a community with those of ``room`` further places, each tied to some before it.

    ``pairs``: (m, 2) ties among the founders' places, which stay as they are; ``ties``: mean number a
    firm. A newcomer knows somebody, and of the others rather neighbours of that one. Where founders
    have no ties, newcomers have none. Returns pairs as ``local_ties``.
    """
    if len(pairs) == 0:
        return pairs
    near: list[list[int]] = [[] for _ in range(founders + room)]
    for a, b in pairs.tolist():
        near[a].append(b)
        near[b].append(a)
    added = []
    for place in range(founders, founders + room):
        wanted = min(place, int(ties / 2 + rng.random()))
        known: list[int] = []
        while len(known) < wanted:
            around = [n for n in near[known[0]] if n not in known] if known else []
            other = int(rng.choice(around)) if around else int(rng.integers(place))
            if other not in known:
                known.append(other)
        for other in known:
            near[other].append(place)
            near[place].append(other)
            added.append((other, place))
    joined = np.concatenate([pairs, np.array(added, np.int32).reshape(-1, 2)])
    return joined[np.lexsort((joined[:, 1], joined[:, 0]))]


def _poles(
    places: int, ties: float, rewiring: float, rng: np.random.Generator, poles: int
) -> np.ndarray:
    """Small worlds side by side, places dealt out to them in turn, with some ties between them."""
    inner = []
    for pole in range(poles):
        members = np.arange(pole, places, poles, dtype=np.int32)
        inner.append(members[local_ties("small_world", len(members), ties, 0.0, rng)])
    pairs = np.concatenate(inner)
    bridges = round(rewiring * len(pairs))
    pairs = pairs[rng.permutation(len(pairs))[bridges:]]
    low, high = np.triu_indices(places, 1)
    apart = np.flatnonzero(low % poles != high % poles)
    chosen = rng.choice(apart, min(bridges, len(apart)), replace=False)
    pairs = np.concatenate([pairs, np.stack([low[chosen], high[chosen]], axis=1)])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int32)


def ties_between(
    one: tuple[int, int], other: tuple[int, int], ties: float, rng: np.random.Generator
) -> np.ndarray:
    """Ties between the firms of two communities, each given as (first row, firms).

    ``ties``: mean number a firm of either. Returns (m, 2) int32 of firm rows, as ``local_ties``.
    """
    (first, here), (second, there) = sorted((one, other))
    wanted = min(round((here + there) * ties / 2), here * there)
    a, b = np.divmod(np.sort(rng.choice(here * there, wanted, replace=False)), there)
    return np.stack([first + a, second + b], axis=1).astype(np.int32)


def ties_across(first: np.ndarray, places: np.ndarray, trade: np.ndarray, ties: float,
                rng: np.random.Generator, apart: np.ndarray | None = None) -> np.ndarray:  # fmt: skip
    """Ties between firms of different communities of the same trade.

    ``first``, ``places``, ``trade``: (n_communities,) first row, number of firms at the start and sector of
    each community; ``ties``: mean number a firm; ``apart``: (n_communities, n_communities) bool, pairs that
    are left out. Returns (m, 2) int32 of firm rows, as ``local_ties``.
    """
    total = int(places.sum())
    wanted = round(total * ties / 2)
    community = np.repeat(np.arange(len(first)), places)
    pairs = np.empty(0, np.int64)  # as smaller row x total + larger row
    for _ in range(20):
        if len(pairs) >= wanted:
            break
        low, high = np.sort(rng.integers(0, total, (2, 2 * wanted)), axis=0)
        meet = (community[low] != community[high]) & (
            trade[community[low]] == trade[community[high]]
        )
        if apart is not None:
            meet &= ~apart[community[low], community[high]]
        pairs = np.concatenate([pairs, low[meet] * total + high[meet]])
        _, drawn_first = np.unique(pairs, return_index=True)
        pairs = pairs[np.sort(drawn_first)]
    row = np.concatenate([np.arange(n) + start for start, n in zip(first, places, strict=True)])
    ends = np.stack(np.divmod(np.sort(pairs[:wanted]), max(1, total)), axis=1)
    return row[ends].astype(np.int32)


def node(kind: str, name: int | str) -> str:
    """What an agent is called: ``sme:<row>``, ``lead_firm:<key>`` or ``institution:<key>``."""
    return f"{kind}:{name}"


def to_graph(world: World, run: int = 0) -> nx.MultiGraph:
    """One run of a world as a typed graph.

    Nodes, named by ``node``, hold by ``kind``: of a firm its community, scores 0-3 in each dimension,
    wage and value added (units of account per worker and quarter), workers, road (high or low) and
    the quarter in which it was born; of a lead firm its title, governance and reach; of an
    institution its title. Edges, by ``type``: local, across, forum (made by an institution; these with
    trust 0-1), contract, member.
    The key of an edge names it in the whole graph: its type and the ends, ``local:3-17``.
    """
    view = world.slice(run)
    number = int(view.run.world)
    names, scenario = world.names[number], world.scenarios[number]
    graph = nx.MultiGraph(title=names.title, quarter=int(view.run.tick))
    for row, firm in enumerate(view.firms):
        if firm.active:
            graph.add_node(node("sme", row), **_of_firm(firm, names.communities[firm.community]))
    for key, chain in zip(names.chains, view.chains, strict=True):
        graph.add_node(
            node("lead_firm", key),
            kind="lead_firm",
            title=scenario.chains[key].title or key,
            governance=GOVERNANCE[chain.governance],
            reach=REACH[chain.reach],
        )
    for key in names.institutions:
        title = scenario.institutions[key].title if key in scenario.institutions else ""
        graph.add_node(node("institution", key), kind="institution", title=title or key)
    for tie in view.ties:
        if tie.kind != SPARE and view.firms[tie.a].active and view.firms[tie.b].active:
            _join(
                graph, TIE_KINDS[tie.kind], ("sme", tie.a), ("sme", tie.b), trust=float(tie.trust)
            )
    for row, firm in enumerate(view.firms):
        if not firm.active:
            continue
        for chain_row in firm.contract:
            if chain_row != NOBODY:
                _join(graph, "contract", ("sme", row), ("lead_firm", names.chains[chain_row]))
        for house in names.memberships(firm):
            _join(graph, "member", ("sme", row), ("institution", names.institutions[house]))
    return graph


def _of_firm(firm: np.record, community: str) -> dict[str, str | int | float]:
    return {
        "kind": "sme",
        "community": community,
        **{name: score(int(firm.mastered[d])) for d, name in enumerate(DIMENSIONS)},
        "wage": float(firm.wage),
        "value_added": float(firm.value_added),
        "workers": float(firm.workers),
        "road": "high" if firm.road == HIGH else "low",
        "born": int(firm.born),
    }


def _join(
    graph: nx.MultiGraph, kind: str, one: tuple[str, int | str], other: tuple[str, int | str],
    **more: float,
) -> None:  # fmt: skip
    key = f"{kind}:{one[1]}-{other[1]}"
    graph.add_edge(node(*one), node(*other), key=key, type=kind, **more)


FORMATS = ("graphml", "json", "gexf")
"""Formats of a graph: GraphML, the node-link JSON of networkx, GEXF; each the ending of a file."""


def write_graph(graph: nx.MultiGraph, path: Path) -> None:
    """Write a graph in the format that the name of the file says (``FORMATS``).

    GraphML and node-link JSON name edges by their keys. In GEXF ``type`` of an edge means whether it is
    directed, so there the type of an edge is called ``relation``, and its key ``id``.
    """
    if path.suffix == ".graphml":
        nx.write_graphml(graph, path)
    elif path.suffix == ".json":
        data = nx.node_link_data(graph, edges="edges")
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    elif path.suffix == ".gexf":
        text = "\n".join(nx.generate_gexf(_for_gexf(graph))) + "\n"
        # equal graphs give equal files: no date of today
        path.write_text(re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1), encoding="utf-8")
    else:
        raise ValueError(
            f"{path.name}: a graph is written as {', '.join(f'.{f}' for f in FORMATS)}"
        )


def _for_gexf(graph: nx.MultiGraph) -> nx.MultiGraph:
    again = nx.MultiGraph(**graph.graph, name=graph.graph["title"])
    again.add_nodes_from(graph.nodes(data=True))
    for one, other, key, data in graph.edges(keys=True, data=True):
        renamed = {"relation" if name == "type" else name: value for name, value in data.items()}
        again.add_edge(one, other, key=key, id=key, **renamed)
    return again
