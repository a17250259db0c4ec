"""One key of a case's scenario, with what it was made from, why, and how far to trust it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration.evidence.dossiers import KINDS, EvidenceRow
from model.scenario.faults import toml_value

Value = str | float | Mapping[str, object] | Sequence[str]


@dataclass(frozen=True)
class Evidence:
    """Where a fact comes from: kind (paper, page, memory, table, ours), source, chance that it is right."""

    kind: str
    source: str
    confidence: float | None = None

    @classmethod
    def of(cls, row: EvidenceRow) -> Evidence:
        """That of a row of a dossier."""
        return cls(KINDS[row.source_kind], row.source, row.confidence)

    @property
    def brief(self) -> str:
        """Kind, source and confidence in a few words; of an address the host alone."""
        address = re.match(r"https?://(?:www\.)?([^/]+)", self.source)
        where = address[1] if address else self.source
        sure = "" if self.confidence is None else f", {self.confidence:g}"
        return f"{self.kind}, {where}{sure}" if where else f"{self.kind}{sure}"

    @property
    def whole(self) -> str:
        """Kind, source and confidence with the whole address."""
        sure = "" if self.confidence is None else f", confidence {self.confidence:g}"
        return f"{self.kind}, {self.source}{sure}"


OURS = Evidence("ours", "")
"""A choice of this project that no source is needed for."""


@dataclass(frozen=True)
class Step:
    """One key of a scenario, with what it was made from and why."""

    item: str
    """What the evidence tells."""
    given: str
    """Its value there, in words; for an empty cell what it is taken as, and why."""
    key: str
    """Key of the scenario, as it is written in TOML."""
    value: Value
    why: str
    note: str = ""
    """How a number came about, in a few words."""
    evidence: Evidence = OURS
    told: tuple[str, ...] = ()
    """What to say above the table that the key is in: sources in full."""

    @property
    def table(self) -> str:
        """The table of the scenario that holds the key."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The key within its table."""
        return self.key.rpartition(".")[2]

    @property
    def written(self) -> str:
        """The value as TOML has it; numbers without digits that mean nothing."""
        return written(self.value)


def written(value: object) -> str:
    """A value as TOML has it; numbers without digits that mean nothing."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + " }"
    if isinstance(value, bool | str | list | tuple):
        return toml_value(value)
    return f"{value:.10g}"
