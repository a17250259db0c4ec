"""What every mechanism declares: its claim, source, equation, parameters and neutral case."""

from __future__ import annotations

from dataclasses import dataclass

SUBJECTS = {
    "K": "knowledge",
    "C": "clusters",
    "G": "chains",
    "M": "markets",
    "I": "institutions",
    "F": "firms and economy",
    "P": "policy",
}
"""What a mechanism is about, by the letter of its key."""


@dataclass(frozen=True)
class Parameter:
    """One number of the theory, or one a label, declared once.

    ``neutral`` is the value at which the mechanism changes nothing, or None where another
    parameter of the mechanism carries the neutral case. ``whole`` marks a count. With ``labels``
    (channels, dimensions, modes) ``default`` holds one number for each.
    """

    name: str
    default: float | tuple[float, ...]
    low: float
    high: float
    unit: str
    meaning: str
    reason: str
    neutral: float | None = None
    whole: bool = False
    labels: tuple[str, ...] = ()

    def defaults(self) -> dict[str, float]:
        """The default of each label, or of "" where there is one number only."""
        if isinstance(self.default, tuple):
            return dict(zip(self.labels, self.default, strict=True))
        return {"": self.default}


@dataclass(frozen=True)
class InstrumentKind:
    """A kind of policy instrument: what scenarios call it, and the number by which the engine knows it.

    Numbers count from 0, none twice, so that a new kind takes the next and those before keep theirs.
    ``chooses`` marks a kind that picks firms, of which a scenario may say whom and how many at most; ``aims``
    one that does so where a scenario says it, and else is for all alike.
    ``leaves`` says what rules read of it for the rest of a quarter, in ``aid`` of communities or chains.
    """

    name: str
    number: int
    chooses: bool = False
    aims: bool = False
    leaves: str = ""


@dataclass(frozen=True)
class Mechanism:
    """A rule of the theory with its claim; ``name`` is its file, TOML section and parameter block.

    ``instrument``: the kind of policy instrument whose money the mechanism puts to work, if it is one.
    ``without`` holds what else its neutral case asks of a scenario: keys of data, ``*`` for any name, and the
    value at which there is nothing for the mechanism to work on. Ablation puts them in.
    """

    key: str
    name: str
    question: str
    claim: str
    source: str
    equation: str
    neutral: str
    parameters: tuple[Parameter, ...] = ()
    instrument: InstrumentKind | None = None
    without: tuple[tuple[str, float], ...] = ()
