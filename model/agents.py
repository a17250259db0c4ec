"""The agents of the Mesa face: live views of the rows of a world.

An agent holds no state of its own: what it tells is read from the tables when asked, and only the
engine changes them. A practice is named by rung (1-3) and number on the rung (1-16), as in the
ledger.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np
from mesa.agent import AgentSet

from model.outlook import Explanation, explain
from model.theory import practices as theory
from model.theory.board import PARTIES
from model.theory.guarding import guards
from model.theory.ownership import OWNERSHIP
from model.theory.practices import DIMENSIONS, FUNCTIONAL, PER_RUNG, PRACTICES
from model.theory.selection import standard
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.network import node
from model.world.tables import NOBODY, TIE_KINDS

if TYPE_CHECKING:
    import pandas as pd

    from model.mesa_model import UpgradingModel

Practices = frozenset[tuple[int, int]]


class Peer(NamedTuple):
    """A tie of a firm: with whom, of which kind (``TIE_KINDS``), and the trust on it, 0-1."""

    firm: SME
    kind: str
    trust: float


def practices(mask: int) -> Practices:
    """The practices of a mask as (rung, number)."""
    return frozenset(
        (bit // PER_RUNG + 1, bit % PER_RUNG + 1) for bit in range(PRACTICES) if mask >> bit & 1
    )


def _by_dimension(masks: np.ndarray) -> dict[str, Practices]:
    return dict(zip(DIMENSIONS, map(practices, masks.tolist()), strict=True))


def _column(name: str, meaning: str) -> Any:
    """A property that reads a column of an agent's row as a plain Python number."""
    return property(lambda self: self._row[name].item(), doc=meaning)


class View(mesa.Agent):
    """An agent that shows a row of a table.

    ``unique_id`` does not depend on when the agent is first met: firms count from 1, the same in
    every policy, lead firms and institutions down from -1. Removing an agent takes it out of Mesa's
    sets; it changes nothing in the world.
    """

    model: UpgradingModel
    name: str

    def __init__(self, model: UpgradingModel, row: int, unique_id: int) -> None:
        super().__init__(model)
        self.row = row
        self.unique_id = unique_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def _communities(self, chosen: np.ndarray) -> tuple[str, ...]:
        return tuple(c for i, c in enumerate(self.model.names.communities) if chosen[i])

    @property
    def neighbours(self) -> AgentSet:
        """All agents to which an edge of ``model.graph`` leads."""
        found = self.model.graph.neighbors(self.name) if self.active else ()
        return self.model.set_of(self.model.agent(name) for name in found)

    @property
    def active(self) -> bool:
        """Whether it is still there."""
        return True


class SME(View):
    """A small firm, from its entry to its closure; (``row``, ``born``) name it for good.

    A firm that has closed is no longer in ``model.agents``; whoever still holds it sees it as it
    was when it closed.
    """

    def __init__(self, model: UpgradingModel, row: int) -> None:
        firm = model.world.firms[row]
        self.born = int(firm.born)  # quarter of entry, 0 for founders
        self.name = node("sme", row)
        self._last: np.record | None = None
        super().__init__(model, row, 1 + row + self.born * len(model.world.firms))

    @property
    def _row(self) -> np.record:
        return self.model.world.firms[self.row] if self._last is None else self._last

    def close(self) -> None:
        """Called by the model when the firm has closed: keep its last state and leave the sets."""
        self._last = self._row.copy()
        self.remove()

    @property
    def active(self) -> bool:
        """Whether the firm is in business."""
        return self._last is None

    @property
    def age(self) -> int:
        """Quarters since entry."""
        return self.model.tick - self.born

    @cached_property
    def community(self) -> str:
        """Key of its community."""
        return self.model.names.communities[self._row.community]

    @cached_property
    def sector(self) -> str:
        """Key of its sector."""
        return self.model.world_spec.communities[self.community].sector

    @property
    def ownership(self) -> str:
        """Local, foreign or plant of a lead firm (F6)."""
        return OWNERSHIP[self._row.ownership]

    place = _column("place", "Number of the place that it occupies within its community.")
    workers = _column("workers", "Workers.")
    resources = _column("resources", "Slack, units of account.")
    wage = _column("wage", "Wage, units of account per worker and quarter.")
    value_added = _column("value_added", "Value added, units of account per worker and quarter.")
    backward = _column("backward", "Trust in joint action with local suppliers, 0-1.")
    forward = _column("forward", "Trust in joint action with traders and users, 0-1.")

    @property
    def dimension(self) -> str:
        """The kind of upgrading that it attended to last."""
        return DIMENSIONS[self._row.dimension]

    @property
    def mastered(self) -> dict[str, Practices]:
        """What it knows how to do, by dimension."""
        return _by_dimension(self._row.mastered)

    @property
    def aware(self) -> dict[str, Practices]:
        """What it knows of, by dimension."""
        return _by_dimension(self._row.aware)

    def score(self, dimension: str) -> float:
        """Its upgrading score in a dimension, 0-3."""
        if dimension not in DIMENSIONS:
            raise ValueError(f"no dimension {dimension!r}; there are {', '.join(DIMENSIONS)}")
        return theory.score(int(self._row.mastered[DIMENSIONS.index(dimension)]))

    @property
    def scores(self) -> dict[str, float]:
        """Its four upgrading scores, 0-3."""
        return {dimension: self.score(dimension) for dimension in DIMENSIONS}

    @property
    def capability(self) -> float:
        """Share of all process and product practices that it masters, 0-1: what a buyer sees."""
        return theory.capability(self._row)

    @property
    def contracts(self) -> list[LeadFirm]:
        """The lead firms that it supplies."""
        rows = self._row.contract.tolist()
        return [self.model.lead_firm(row) for row in rows if row != NOBODY]

    @property
    def institutions(self) -> list[BridgingInstitution]:
        """The institutions and associations of which it is a member."""
        return [self.model.institution(row) for row in self.model.names.memberships(self._row)]

    @property
    def peers(self) -> list[Peer]:
        """Its ties with other firms in business, by row of the other."""
        if not self.active:
            return []
        world = self.model.world
        ties = world.ties[: int(world.runs[0].used_ties)]
        found = [
            Peer(other, TIE_KINDS[tie.kind], float(tie.trust))
            for tie in ties[(ties["a"] == self.row) | (ties["b"] == self.row)]
            if (other := self.model.sme(int(tie.a + tie.b) - self.row)) is not None
        ]
        return sorted(found, key=lambda peer: peer.firm.row)

    def biography(self) -> pd.DataFrame:
        """What it mastered and lost since the start, from the ledger: tick, what, how, from whom.

        Columns tick, dimension, rung, practice, channel, source, as ``model.records`` documents.
        """
        ledger = self.model.records.ledger
        mine = ledger[(ledger["firm"] == self.row) & (ledger["born"] == self.born)]
        columns = ["tick", "dimension", "rung", "practice", "channel", "source"]
        return mine[columns].reset_index(drop=True)

    def explain(self) -> Explanation:
        """What it could learn in the coming quarter, from whom, with which chance; print it.

        LookupError once the firm has closed.
        """
        if not self.active:
            raise LookupError(f"{self.name}, of quarter {self.born}, has closed and learns no more")
        return explain(self.model.world, self.row)


class LeadFirm(View):
    """A buyer and the chain that it governs."""

    file_key = property(lambda self: f"chains.{self.key}", doc="Its table in a scenario file.")

    def __init__(self, model: UpgradingModel, row: int, unique_id: int) -> None:
        self.key = model.names.chains[row]
        self.name = node("lead_firm", self.key)
        super().__init__(model, row, unique_id)

    @property
    def _row(self) -> np.record:
        return self.model.world.chains[self.row]

    @property
    def title(self) -> str:
        """What to call it."""
        return self.model.world_spec.chains[self.key].title or self.key

    @property
    def governance(self) -> str:
        """How it governs its chain."""
        return GOVERNANCE[self._row.governance]

    @property
    def reach(self) -> str:
        """Where it sells."""
        return REACH[self._row.reach]

    @property
    def communities(self) -> tuple[str, ...]:
        """Keys of the communities where it buys."""
        return self._communities(self._row.communities)

    @property
    def entry_standard(self) -> float:
        """Capability that it asks of an entrant, 0-1."""
        return standard(self._row, self.model.world.parameters[0])

    orders = _column("orders", "Suppliers that it wants.")

    @property
    def suppliers(self) -> AgentSet:
        """The firms that supply it."""
        rows = (self.model.world.firms.contract == self.row).any(axis=1)
        return self.model.smes(rows)

    @property
    def guards(self) -> bool:
        """Whether it keeps suppliers from its core competence."""
        return bool(guards(self._row))

    @property
    def standard(self) -> dict[str, Practices]:
        """The process and product practices of which its standard speaks."""
        return dict(list(_by_dimension(self._row.holds).items())[:FUNCTIONAL])

    @property
    def core(self) -> dict[str, Practices]:
        """The functional and intersectoral practices that are its own competence."""
        return dict(list(_by_dimension(self._row.holds).items())[FUNCTIONAL:])


class BridgingInstitution(View):
    """A bridging institution, a laboratory, or the local association of a community."""

    file_key = property(
        lambda self: f"institutions.{self.key}", doc="Its table in a scenario file."
    )

    def __init__(self, model: UpgradingModel, row: int, unique_id: int) -> None:
        self.key = model.names.institutions[row]
        self.name = node("institution", self.key)
        super().__init__(model, row, unique_id)

    @property
    def _row(self) -> np.record:
        return self.model.world.institutions[self.row]

    @property
    def is_association(self) -> bool:
        """Whether it is the local association of a community, which has no staff."""
        return bool(self._row.association)

    @property
    def title(self) -> str:
        """What to call it."""
        if self.is_association:
            return self.key
        return self.model.world_spec.institutions[self.key].title or self.key

    @property
    def board(self) -> dict[str, float]:
        """Share of the board's votes of each party that has a seat."""
        shares = zip(PARTIES, self._row.seats.tolist(), strict=True)
        return {party: share for party, share in shares if share > 0}

    @property
    def home(self) -> str:
        """Key of the community whose association governs it, where one does."""
        return self.model.names.communities[self._row.home]

    @property
    def reach(self) -> tuple[str, ...]:
        """Keys of the communities that it serves."""
        return self._communities(self._row.reach)

    @property
    def members(self) -> AgentSet:
        """The firms in business that are its members."""
        return self.model.smes(self.model.names.belong(self.model.world.firms, self.row))

    quota = _column("quota", "Most members.")

    @property
    def inclusive(self) -> bool:
        """Whether neither fee nor standing keeps anybody out."""
        return bool(self._row.inclusive)

    fee = _column("fee", "Fee of a member, units of account a quarter.")
    minimum_capability = _column("minimum_capability", "Capability that it asks of a member, 0-1.")
    experiential = _column(
        "experiential",
        "Share of visits that teach experiential knowledge, 0-1; the rest is pioneering.",
    )
    budget = _column("budget", "Public money, units of account a quarter.")
    fees = _column("fees", "Fees collected last quarter, units of account.")
    spent = _column("spent", "What it spent last quarter, units of account.")

    @property
    def repository(self) -> dict[str, Practices]:
        """The practices that it has gathered, by dimension."""
        return _by_dimension(self._row.repository)

    @property
    def repository_size(self) -> dict[str, int]:
        """How many practices it has gathered, by dimension."""
        return {dimension: len(held) for dimension, held in self.repository.items()}
