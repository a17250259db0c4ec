"""Records: what a run, or an ensemble of runs, leaves behind, as pandas frames.

Columns are documented once, in ``COLUMNS``; frames are made when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine.ensemble import Ensemble
from model.engine.observe import list_sales
from model.engine.took_part import INSTRUMENT
from model.measures import MEASURES, pooled
from model.measures.learning_network import NETWORK_MEASURES, lessons_of_run
from model.provenance import provenance
from model.records.capacity import check_memory
from model.scenario.arguments import whole, whole_or_none, world_of
from model.scenario.schema import Scenario
from model.theory.access import ASSOCIATION
from model.theory.interaction import (
    BUYER,
    CHANNELS,
    INHERITANCE,
    INSTITUTION,
    LABOUR,
    PEER,
    RECOMBINATION,
)
from model.theory.ownership import OWNERSHIP
from model.theory.practices import DIMENSIONS, PER_RUNG
from model.theory.road import HIGH
from model.world.build import RunView, build
from model.world.row_names import Names
from model.world.tables import NOBODY

COLUMNS = {
    "scenario": "label of the scenario",
    "replicate": "number of the replicate; the same number shares all random draws",
    "tick": "quarter, from 0",
    "community": "key of the community; * for all of them together",
    "firm": "row of the firm within its world: the place that it occupies",
    "born": "quarter in which the firm entered, 0 for founders; with firm it names one for good",
    "ownership": "local, foreign or plant of a lead firm",
    "instruments": "keys of the instruments in which it took part since it was founded",
    "dimension": "kind of upgrading",
    "rung": "1 to 3",
    "practice": "1 to 16 on its rung",
    "channel": "how the practice was mastered, 'start' for newcomers; 'forgotten' or 'overtaken' if lost",
    "workers": "workers at the end",
    "road": "high: invests in learning; low: saves on wages",
    "hours": "hours of institutions' staff that the firm got since it was founded",
    "served": "quarter in which institutions' staff served it last; -1 if never",
    "in_use": "share of its value added that its orders let it make",
    "sales": "value sold in the last quarter, units of account",
    "exports": "of it into global chains",
    "body": "key of the institution, association or instrument",
    "kind": "institution, association or instrument",
    "since": "quarter in which the firm became a member, or first took part in the instrument",
    "until": "quarter in which it ceased to be a member, by leaving or closing; -1 if it still was, "
    "and for instruments",
    "source": "row of the peer or parent, key of the chain or institution, empty for the rest",
}


@dataclass(frozen=True)
class Records:
    """What an ensemble leaves: ``labels`` name its scenarios, in the order of the world."""

    ensemble: Ensemble
    labels: tuple[str, ...]

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a scenario, replicate, quarter and community, with every measure."""
        return self._measured(whole=False)

    @cached_property
    def country(self) -> pd.DataFrame:
        """As ``series``, with all communities of a world together (community ``*``)."""
        return self._measured(whole=True)

    def _measured(self, whole: bool) -> pd.DataFrame:
        world = self.ensemble.world
        frames = []
        for run in world.runs:
            rows = np.asarray(self.ensemble.series[slice(*run.series)])
            names = world.names[int(run.world)].communities
            done = rows[: int(run.tick) * len(names)]
            keys = list(names)
            if whole:
                done, keys = pooled(done, len(names)), ["*"]
            frames.append((run, keys, done))
        tallies = np.concatenate([rows for _, _, rows in frames])
        index = {
            "scenario": np.concatenate(
                [np.repeat(self.labels[int(run.world)], len(rows)) for run, _, rows in frames]
            ),
            "replicate": np.concatenate(
                [np.repeat(int(run.replicate), len(rows)) for run, _, rows in frames]
            ),
            "tick": np.concatenate(
                [np.repeat(np.arange(int(run.tick)), len(keys)) for run, keys, _ in frames]
            ),
            "community": np.concatenate(
                [np.tile(np.array(keys), int(run.tick)) for run, keys, _ in frames]
            ),
        }
        return pd.DataFrame(index | {m.name: m.compute(tallies) for m in MEASURES})

    @cached_property
    def firms(self) -> pd.DataFrame:
        """One row a scenario, replicate and firm in business at the end."""
        world = self.ensemble.world
        return _end_to_end([self._firms(world.slice(number)) for number in range(len(world.runs))])

    def _firms(self, view: RunView) -> dict[str, Any]:
        """The columns of ``firms``, of one run."""
        names = self.ensemble.world.names[int(view.run.world)]
        rows = np.flatnonzero(view.firms.active)
        firms = np.asarray(view.firms)[rows]
        mastered, aware = np.bitwise_count(firms["mastered"]), np.bitwise_count(firms["aware"])
        sales, exports = _sales(view)
        return {
            "scenario": np.full(len(firms), self.labels[int(view.run.world)], object),
            "replicate": np.full(len(firms), int(view.run.replicate)),
            "firm": rows,
            "born": firms["born"],
            "community": np.array(names.communities, object)[firms["community"]],
            "ownership": np.array(OWNERSHIP, object)[firms["ownership"]],
            "workers": firms["workers"],
            "road": np.where(firms["road"] == HIGH, "high", "low"),
            "hours": firms["hours"],
            "served": np.where(firms["served"] >= 0, firms["served"], NOBODY),
            **{name: mastered[:, d] / PER_RUNG for d, name in enumerate(DIMENSIONS)},
            **{f"aware_{name}": aware[:, d] / PER_RUNG for d, name in enumerate(DIMENSIONS)},
            **{
                name: firms[name]
                for name in (
                    "value_added", "wage", "resources", "backward", "forward", "certified",
                    "in_use",
                )
            },
            "sales": sales,
            "exports": exports,
            "chains": _joined(firms["contract"], names.chains),
            "instruments": [
                " ".join(key for i, key in enumerate(names.instruments) if bits >> i & 1)
                for bits in firms["programmes"].tolist()
            ],
            "institutions": [
                " ".join(names.institutions[row] for row in names.memberships(firm))
                for firm in firms
            ],
        }  # fmt: skip

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row a practice mastered or lost after the start: when, what, how, from whom."""
        world, rows = self.ensemble.world, self.ensemble.ledger
        run = world.runs[rows.run]
        labels = np.array(self.labels)[run.world] if len(rows) else np.array([], str)
        frame = pd.DataFrame(
            {
                "scenario": labels,
                "replicate": run.replicate,
                "tick": rows.tick,
                "firm": rows.firm,
                "born": rows.born,
                "dimension": pd.Categorical.from_codes(rows.dimension, DIMENSIONS),
                "rung": rows.practice // PER_RUNG + 1,
                "practice": rows.practice % PER_RUNG + 1,
                "channel": pd.Categorical.from_codes(rows.channel, CHANNELS),
                "source": self._sources(rows, run.world),
            }
        )
        return frame.sort_values(
            ["scenario", "replicate", "tick"], kind="stable", ignore_index=True
        )

    @cached_property
    def network(self) -> pd.DataFrame:
        """One row a scenario, replicate and community (``*``: all together): who learned from whom."""
        world, ledger = self.ensemble.world, np.asarray(self.ensemble.ledger)
        ends = np.searchsorted(ledger["run"], np.arange(len(world.runs) + 1))
        rows = []
        for number in range(len(world.runs)):
            view = world.slice(number)
            firms = np.asarray(view.firms)
            booked = ledger[ends[number] : ends[number + 1]]
            country = lessons_of_run(booked, firms, int(view.run.tick))
            label, names = self.labels[int(view.run.world)], world.names[int(view.run.world)]
            for community, key in enumerate((*names.communities, "*")):
                here = np.ones(len(firms), bool) if key == "*" else firms["community"] == community
                found = replace(country, here=here)
                index = {"scenario": label, "replicate": int(view.run.replicate), "community": key}
                rows.append(index | {m.name: m.compute(found) for m in NETWORK_MEASURES})
        return pd.DataFrame(rows)

    @cached_property
    def participation(self) -> pd.DataFrame:
        """One row a membership of a firm, or an instrument that it took part in: since and until when."""
        world, noted = self.ensemble.world, self.ensemble.took_part
        one = ["run", "firm", "born", "kind", "bit"]
        frame = pd.DataFrame({name: noted[name] for name in noted.dtype.names or ()})
        frame = frame.sort_values([*one, "tick"], kind="stable", ignore_index=True)
        spell = frame["begins"].cumsum()  # what ends stands behind what begins
        begun = frame[frame["begins"] == 1].reset_index(drop=True)
        ended = frame[frame["begins"] == 0].set_index(spell[frame["begins"] == 0])["tick"]
        runs = world.runs[begun["run"].to_numpy()]
        place = np.asarray(runs["firms"])[:, 0] + begun["firm"].to_numpy()
        community = np.asarray(world.firms["community"])[place]
        index = zip(
            runs.world.tolist(), begun["kind"].tolist(), begun["bit"].tolist(), community.tolist(),
            strict=True,
        )  # fmt: skip
        told = [_body(world.names[number], *which) for number, *which in index]
        found = pd.DataFrame(
            {
                "scenario": np.array(self.labels)[runs.world],
                "replicate": runs.replicate,
                "firm": begun["firm"].astype(np.int64),
                "born": begun["born"],
                "body": [body for body, _ in told],
                "kind": [kind for _, kind in told],
                "since": begun["tick"],
                "until": pd.Series(begun.index + 1).map(ended).fillna(NOBODY).astype(int),
            }
        )
        by = ["scenario", "replicate", "since", "firm"]
        return found.sort_values(by, kind="stable", ignore_index=True)

    def _sources(self, rows: np.recarray, worlds: np.ndarray) -> np.ndarray:
        """Who taught what: rows of firms, keys of chains and institutions as their world names them."""
        channel, source = np.asarray(rows.channel), np.asarray(rows.source)
        firm = np.isin(channel, (PEER, LABOUR, INHERITANCE, RECOMBINATION))
        called = ["", *map(str, range(source[firm].max(initial=NOBODY) + 1))]
        at = np.where(firm, source + 1, 0)
        for of, table in ((BUYER, "chains"), (INSTITUTION, "institutions")):
            keys = [getattr(names, table) for names in self.ensemble.world.names]
            first = np.cumsum([len(called), *map(len, keys)])
            here = (channel == of) & (source != NOBODY)
            at[here] = first[worlds[here]] + source[here]
            called += chain.from_iterable(keys)
        return np.array(called, object)[at]

    @cached_property
    def learning(self) -> pd.DataFrame:
        """Practices mastered over the run, by scenario, replicate, community, dimension, channel."""
        return _end_to_end([self._learning(run) for run in self.ensemble.world.runs])

    def _learning(self, run: np.record) -> dict[str, Any]:
        """The columns of ``learning``, of one run."""
        names = self.ensemble.world.names[int(run.world)].communities
        rows = np.asarray(self.ensemble.series[slice(*run.series)])["gained"]
        total = rows.reshape(-1, len(names), *rows.shape[1:]).sum(axis=0)
        of_community, each = total[0].size, len(CHANNELS)
        return {
            "scenario": np.full(total.size, self.labels[int(run.world)], object),
            "replicate": np.full(total.size, int(run.replicate)),
            "community": np.repeat(np.array(names, object), of_community),
            "dimension": np.tile(np.repeat(np.array(DIMENSIONS, object), each), len(names)),
            "channel": np.tile(np.array(CHANNELS, object), total.size // each),
            "practices": total.ravel(),
        }

    @property
    def manifest(self) -> dict[str, Any]:
        """What it takes to make these records again: scenarios, seed, versions, digests."""
        world = self.ensemble.world
        scenarios = dict(zip(self.labels, world.scenarios, strict=True))
        replicates = sorted({int(r) for r in world.runs.replicate})
        written = self.ensemble.interventions
        return manifest_of(scenarios, replicates, int(self.ensemble.horizon), written)


def manifest_of(
    scenarios: Mapping[str, Scenario],
    replicates: Sequence[int],
    ticks: int,
    interventions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What it takes to run scenarios again, all in the same replicates."""
    asked: dict[str, Any] = {
        "scenarios": {label: each.model_dump(mode="json") for label, each in scenarios.items()},
        "replicates": list(replicates),
        "ticks": ticks,
    }
    if interventions:
        asked["interventions"] = [dict(each) for each in interventions]
    return {**asked, "runs": len(scenarios) * len(replicates), **provenance(asked)}


def _end_to_end(runs: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows of many runs: far quicker than frames that are made one by one and joined."""
    columns = {name: [run[name] for run in runs] for name in runs[0]}
    return pd.DataFrame(
        {
            name: [*chain.from_iterable(parts)]
            if isinstance(parts[0], list)
            else np.concatenate(parts)
            for name, parts in columns.items()
        }
    )


def _sales(view: RunView) -> tuple[np.ndarray, np.ndarray]:
    """Sales and exports of the firms in business, units of account, in the last quarter."""
    sales, exports = np.zeros(len(view.firms)), np.zeros(len(view.firms))
    list_sales(
        view.firms, view.chains, view.communities, view.sectors, view.parameters, sales, exports
    )
    active = view.firms.active == 1
    return sales[active], exports[active]


def _body(names: Names, kind: int, bit: int, community: int) -> tuple[str, str]:
    """Key and kind of what a firm of this community took part in."""
    if kind == INSTRUMENT:
        return names.instruments[bit], "instrument"
    if bit == ASSOCIATION:
        return names.institutions[names.staffed + community], "association"
    return names.institutions[bit], "institution"


def _joined(contracts: np.ndarray, names: Sequence[str]) -> list[str]:
    return [" ".join(names[c] for c in row if c != NOBODY) for row in contracts.tolist()]


def simulate(
    scenario: Scenario | Path | str | dict[str, Scenario],
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    ledger: bool = True,
) -> Records:
    """Run a scenario, or the path of one, or several by label on common random numbers, and keep the records.

    ``replicates`` and ``seed`` override the scenarios' own. Several scenarios share the number of
    replicates of the first and must agree on the horizon (ValueError). ``ledger``: whether to keep it,
    which takes most of the memory of a large world; without it the records have no ``network`` and no
    ``participation`` either.
    """
    several = scenario if isinstance(scenario, dict) else {"scenario": scenario}
    chosen = {label: world_of(one) for label, one in several.items()}
    replicates, seed = whole_or_none("replicates", replicates, 1), whole_or_none("seed", seed)
    workers = whole("workers", workers, 1)
    if not chosen:
        raise ValueError("scenario = {}: give one scenario at least")
    horizons = {s.run.ticks for s in chosen.values()}
    if len(horizons) != 1:
        raise ValueError(f"scenarios run together need one horizon, not {sorted(horizons)} ticks")
    first = next(iter(chosen.values()))
    number = first.run.replicates if replicates is None else replicates
    if seed is not None:  # so that the manifest says it
        chosen = {
            label: s.model_copy(update={"run": s.run.model_copy(update={"seed": seed})})
            for label, s in chosen.items()
        }
    check_memory(tuple(chosen.values()), number, ledger)
    world = build(tuple(chosen.values()), range(number))
    ensemble = Ensemble(world, horizons.pop(), keeps_ledger=ledger, keeps_participation=ledger)
    ensemble.advance(ensemble.horizon, workers, progress)
    return Records(ensemble, tuple(chosen))
