"""The Mesa face: a ``mesa.Model`` that holds a world of one run and lets the engine advance it.

    model = UpgradingModel("scenarios/worlds/four_wine_regions.toml", rng=1)
    model.step()                                                # one quarter
    model.agents_by_type[SME].select(lambda f: f.capability > 0.3).agg("wage", np.mean)
    print(model.sme(12).explain())
    model.intervene(model.institution(0), budget=300.0)         # from the next quarter on
    model.datacollector.get_model_vars_dataframe()              # one row a quarter

Stepping the model and advancing the engine give the same records. Agents are made when first asked
for and are views of rows (``model.agents``); for ensembles of runs use ``simulate``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

import mesa
import numpy as np
from mesa.agent import AgentSet
from mesa.datacollection import DataCollector

from model.agents import SME, BridgingInstitution, LeadFirm, View
from model.engine.ensemble import Ensemble
from model.interventions import with_change, write_firm
from model.measures import BY_NAME, pooled
from model.records.records import Records
from model.scenario.arguments import whole, world_of
from model.scenario.faults import Fault, InputError
from model.scenario.schema import Scenario
from model.world.build import World, build, run_key
from model.world.network import to_graph

Reporters = Mapping[str, str | Callable[[Any], Any]]
Rng = int | np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | None
_VACANT = -1
_COMPANIONS = (
    1_000_000_000_000  # ids of agents of a user's own begin here, far above those of firms
)
_SEEDS = 2**31


def measured(model: UpgradingModel, name: str) -> float:
    """Reporter of a measure of the whole world at the end of the last quarter."""
    return model.measure(name)


class UpgradingModel(mesa.Model):
    """A world in motion, one quarter a step.

    ``world``: a validated Scenario, the path of a scenario file or the name of one that ships. ``rng``:
    seed of all draws, a whole number from 0; a generator of NumPy gives one; None takes a fresh one, which
    ``seed`` and the manifest tell (``world.run.seed`` is the scenario's own). ``replicate``: which of the
    independent runs of a seed. ``agent_reporters`` (of all agents) and ``agenttype_reporters`` (by class)
    are Mesa's, names of attributes or functions; the data collector reports every measure of the whole
    world besides. Any further argument is a key of the scenario, ``**{"across.ties": 0.3}``, so that
    Mesa's ``batch_run`` and SolaraViz can vary it. ``running`` turns False at the scenario's horizon;
    further steps are possible.

    A subclass may add agents of its own: they are in ``agents``, their ``step`` is called once a quarter
    by ``after_quarter``, and their ids never are those of a firm.

    Raises ``InputError`` if the file or a key is wrong, TypeError or ValueError for a wrong argument.
    """

    def __init__(
        self,
        world: Scenario | Path | str,
        rng: Rng = None,
        replicate: int = 0,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: Mapping[type, Reporters] | None = None,
        **kwargs: Any,  # Mesa 3.3's pages know further arguments by this name only
    ) -> None:
        keys = _without_arguments_of_mesa(kwargs)
        spec = world_of(world)
        seed = _seed_of(rng)
        spec = spec.with_values({**keys, "run.seed": seed}) if keys else spec.seeded(seed)
        super().__init__(rng=seed)
        self._companion_ids = count(_COMPANIONS)
        self.horizon = spec.run.ticks
        built = build((spec,), (whole("replicate", replicate),))
        self.names = built.names[0]
        self.ensemble = Ensemble(built, self.horizon)
        self._smes: list[SME | None] = []
        self._lead_firms: list[LeadFirm] = []
        self._institutions: list[BridgingInstitution] = []
        self._known = np.full(len(self.world.firms), _VACANT)  # born, of whom there is an agent
        self._seen: dict[str, Any] = {}  # made when asked for and kept until the next step
        self.datacollector = DataCollector(
            model_reporters={name: partial(measured, name=name) for name in BY_NAME},
            agent_reporters=_getters(agent_reporters),
            agenttype_reporters={
                kind: _getters(reporters) for kind, reporters in (agenttype_reporters or {}).items()
            },
        )

    @classmethod
    def from_keys(cls, world: Scenario | Path | str, **kwargs: Any) -> Self:
        """A model of a world with other values at dotted keys; further arguments as ever."""
        return cls(world, **kwargs)

    @property
    def world(self) -> World:
        """The tables as they stand."""
        return self.ensemble.world

    @property
    def world_spec(self) -> Scenario:
        """The scenario, with what has been changed of it so far in its timetable."""
        return self.ensemble.world.scenarios[0]

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return self.world_spec.run.seed

    @property
    def tick(self) -> int:
        """Quarters done."""
        return int(self.world.runs[0].tick)

    def step(self) -> None:
        """Advance by one quarter, then collect."""
        if self.tick == self.ensemble.horizon:
            self.ensemble.extend(2 * self.ensemble.horizon)
        self.ensemble.advance(self.tick + 1)
        self._seen.clear()
        if self._smes:
            self._turn_over()
        if self.tick >= self.horizon:
            self.running = False
        self.after_quarter()
        self.datacollector.collect(self)

    def after_quarter(self) -> None:
        """Called after each quarter, before it is collected: here, each companion's ``step``.

        Companions are the agents that a user has added. A subclass may do something else.
        """
        for agent in list(self.companions):
            agent.step()

    @property
    def companions(self) -> AgentSet:
        """The agents that are no part of the theory: those that a user has added."""
        return self.set_of(agent for agent in self._all_agents if not isinstance(agent, View))

    def intervene(
        self, agent: SME | LeadFirm | BridgingInstitution | None = None, /, **changes: Any
    ) -> None:
        """Change something before the next quarter begins.

        ``intervene(institution, budget=300.0)`` and ``intervene(lead_firm, orders=40)`` change what
        a scenario file says of them, ``intervene(**{"across.trust": 0.5})`` any key that a timetable
        can change: it is laid into the timetable of ``world_spec``, which is in the manifest.
        ``intervene(sme, resources=5.0)`` writes the state of a firm (``resources``, ``workers``,
        ``masters`` and ``forgets``, lists of (kind of upgrading, rung, practice)); the manifest notes it.

        Raises InputError for what is not there or not allowed, LookupError for a firm that has closed.
        """
        if isinstance(agent, SME):
            if not agent.active:
                raise LookupError(f"{agent.name}, of quarter {agent.born}, has closed")
            write_firm(self.world.firms[agent.row], changes)
            self.ensemble.interventions.append(
                {"tick": self.tick, "firm": agent.row, "born": agent.born, "set": changes}
            )
        elif isinstance(agent, BridgingInstitution) and agent.is_association:
            allowed = "is laid out with its community and has no keys of its own"
            raise InputError(Fault("intervene", agent.name, "", allowed))
        else:
            place = f"{agent.file_key}." if agent is not None else ""
            named = {place + key: value for key, value in changes.items()}
            self.ensemble.follow((with_change(self.world_spec, self.tick, named),))
        self._seen.clear()

    def reset_rng(self, rng: Rng = None) -> None:
        """Draw from another seed from now on, and let Mesa's generators begin anew from it.

        None: the seed of the beginning. The world was laid out by the seed of the beginning and stays;
        for another world make another model. The manifest notes a change of seed.
        """
        seed = self.seed if rng is None else _seed_of(rng)
        super().reset_rng(seed)
        self.random.seed(seed)
        run = self.world.runs[0]
        key = run_key(seed, int(run.replicate))
        if key != run.key:
            run.key = key
            self.ensemble.interventions.append({"tick": self.tick, "rng": seed})

    def register_agent(self, agent: mesa.Agent) -> None:
        """Called by Mesa for each new agent; a user's own get ids that no firm has."""
        super().register_agent(agent)
        if not isinstance(agent, View):
            agent.unique_id = next(self._companion_ids)
            _forget_ids(self)

    @property
    def agents(self) -> AgentSet:
        """All agents: firms in business, lead firms, institutions. Don't add to it."""
        self._meet()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The agents by class: SME, LeadFirm, BridgingInstitution. Don't add to them."""
        self._meet()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents."""
        self._meet()
        return super().agent_types

    def sme(self, row: int) -> SME | None:
        """The firm at a row of the table of firms; None while the place is vacant."""
        self._meet()
        return self._smes[row]

    def lead_firm(self, row: int) -> LeadFirm:
        """The lead firm at a row of the table of chains."""
        self._meet()
        return self._lead_firms[row]

    def institution(self, row: int) -> BridgingInstitution:
        """The institution or association at a row of the table of institutions."""
        self._meet()
        return self._institutions[row]

    def agent(self, name: str) -> SME | LeadFirm | BridgingInstitution:
        """The agent of a node of ``graph``; LookupError if there is none."""
        kind, _, key = name.partition(":")
        found: SME | LeadFirm | BridgingInstitution | None = None
        if kind == "sme" and key.isdecimal() and int(key) < len(self._known):
            found = self.sme(int(key))
        elif kind == "lead_firm" and key in self.names.chains:
            found = self.lead_firm(self.names.chains.index(key))
        elif kind == "institution" and key in self.names.institutions:
            found = self.institution(self.names.institutions.index(key))
        if found is None:
            raise LookupError(f"there is no agent {name!r} in quarter {self.tick}")
        return found

    def smes(self, chosen: np.ndarray) -> AgentSet:
        """The firms in business among rows chosen by a mask; chosen: (n_firms,) bool."""
        self._meet()
        rows = np.flatnonzero(chosen & (self._known != _VACANT))
        return self.set_of(self._smes[row] for row in rows)

    def set_of(self, agents: Iterable[mesa.Agent | None]) -> AgentSet:
        """Agents as a set of Mesa's."""
        return AgentSet(agents, random=self.random)

    @property
    def graph(self) -> Any:
        """Ties, contracts and memberships as they stand, a networkx MultiGraph (``to_graph``).

        Its nodes are the names of the agents. Made anew each quarter.
        """
        return self._once("graph", lambda: to_graph(self.world))

    @property
    def records(self) -> Records:
        """All that the run has left so far, as frames: series, country, firms, ledger, manifest."""
        return self._once("records", lambda: Records(self.ensemble, ("scenario",)))

    def measure(self, name: str, community: str | None = None) -> float:
        """A measure of ``model.measures`` at the end of the last quarter; NaN before the first.

        Of all firms of the world together, or of one community (its key).
        """
        if name not in BY_NAME:
            raise LookupError(f"no measure {name!r}; there are {', '.join(BY_NAME)}")
        if self.tick == 0:
            return float("nan")
        if community is None:
            rows = self._once("pooled", lambda: pooled(self._tallies(), len(self._tallies())))
        else:
            at = self.names.communities.index(community)
            rows = self._tallies()[at : at + 1]
        return float(BY_NAME[name].compute(rows)[0])

    def _tallies(self) -> np.ndarray:
        """The last quarter's rows of the series, one a community."""
        n = len(self.names.communities)
        return np.asarray(self.ensemble.series[(self.tick - 1) * n : self.tick * n])

    def _once(self, what: str, make: Callable[[], Any]) -> Any:
        """Made when first asked for in a quarter, and forgotten by the next step."""
        if what not in self._seen:
            self._seen[what] = make()
        return self._seen[what]

    def _meet(self) -> None:
        """Make the agents, when they are first asked for."""
        if self._smes:
            return
        self._smes = [None] * len(self.world.firms)
        self._turn_over()
        chains, institutions = len(self.names.chains), len(self.names.institutions)
        self._lead_firms = [LeadFirm(self, row, -1 - row) for row in range(chains)]
        self._institutions = [
            BridgingInstitution(self, row, -1 - chains - row) for row in range(institutions)
        ]
        for kind in (SME, LeadFirm, BridgingInstitution):
            empty = type(self._all_agents)([], random=self.random)
            self._agents_by_type.setdefault(kind, empty)

    def _turn_over(self) -> None:
        """Bring the agents in step with the table: firms that closed leave, entrants appear."""
        firms = self.world.firms
        present = np.where(firms.active == 1, firms.born, _VACANT)
        for row in np.flatnonzero(present != self._known).tolist():
            closed = self._smes[row]
            if closed is not None:
                closed.close()
            self._smes[row] = SME(self, row) if present[row] != _VACANT else None
        self._known = present
        _forget_ids(self)


def _forget_ids(model: mesa.Model) -> None:
    """Mesa 3.3 counts agents in a table of its class, which would keep every model alive."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


def _seed_of(rng: Rng) -> int:
    """The seed that an argument ``rng`` means: a fresh one if there is none, one drawn from a generator."""
    if rng is None:
        return secrets.randbelow(_SEEDS)
    if isinstance(rng, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
        return int(np.random.default_rng(rng).integers(_SEEDS))
    return whole("rng", rng, otherwise=", a generator of NumPy, or None")


def _without_arguments_of_mesa(given: dict[str, Any]) -> dict[str, Any]:
    """Keys of the scenario among further arguments; TypeError for what Mesa has and this model has not.

    Mesa 3.5's pages hand a ``scenario`` of its own to every model; it says nothing of a world.
    """
    keys = dict(given)
    scenario = keys.pop("scenario", None)
    if scenario is not None and not type(scenario).__module__.startswith("mesa."):
        raise TypeError("scenario = ... is an argument of Mesa's own: give the scenario as `world`")
    if "seed" in keys:
        raise TypeError(f"seed = {keys['seed']!r}: give the seed as `rng`")
    return keys


def _getters(reporters: Reporters | None) -> dict[str, Callable[[Any], Any]]:
    """Reporters by attribute as functions that pickle; those that Mesa makes of names don't."""
    return {
        name: attrgetter(reporter) if isinstance(reporter, str) else reporter
        for name, reporter in (reporters or {}).items()
    }
