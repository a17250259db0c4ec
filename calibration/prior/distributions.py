"""Priors: what was known of each number before the scores were looked at.

One rule for all. A default is an order of magnitude, as its reason says, so a number is taken to be
known within a factor of three, inside the range in which it makes sense at all; of a share or chance,
it is the odds that are known so:

    low = max(declared low, default / 3)      high = min(declared high, 3 x default)
    low = p / (p + 3 (1 - p))                 high = 3 p / (3 p + 1 - p)        where declared 0-1
    number ~ PERT(low, default, high)         a Beta on [low, high] with its mode at the default

A share of one has odds without end: it is taken to be at least a half. (PERT with weight 4 is the usual
way to turn a best guess and two bounds into a distribution: Malcolm et al. 1959, Operations Research 7;
Vose 2008, Risk Analysis.) Candidates are the single numbers of the theory and of the sector tables, and the
factors by which codes of the case table are translated (`calibration/prior/translation.py`).
Three kinds are fixed: those that are so by definition of a key of the scenario, those at zero, of which a
factor of three says nothing, and those that the screening found to say little
(`calibration/prior/screening.py`).

Everything downstream lives in the space in which the prior is a standard normal: a number is
``PERT quantile(Phi(z))``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.special import betaincinv, ndtr

from calibration.evidence.case_scenarios import SECTORS
from calibration.evidence.unknown_sizes import unknown_sizes
from calibration.prior.translation import TRANSLATED
from model.parameters import each
from model.scenario.files import load_document, parse_document
from model.scenario.sector_keys import Sector

FACTOR = 3.0  # within which a default is known
_AT_ONE = 0.5  # least that a share of one is taken to be
_WEIGHT = 4.0  # of the mode, as PERT has it
_BY_DEFINITION = "by definition"  # how the reason of such a parameter begins
_PLACES = np.linspace(-5, 5, 2001)  # at which quantiles are computed; straight lines between
SECTOR_KEY = "sectors."


@dataclass(frozen=True)
class Free:
    """A number with its prior; ``key`` is its dotted place in a scenario."""

    key: str
    low: float
    mode: float
    high: float
    whole: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Prior:
    """Numbers with independent priors, in a fixed order."""

    entries: tuple[Free, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Their dotted keys."""
        return tuple(entry.key for entry in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def only(self, keys: Sequence[str]) -> Prior:
        """The priors of these keys, in this order; KeyError for one that is no candidate."""
        known = {entry.key: entry for entry in self.entries}
        return Prior(tuple(known[key] for key in keys))

    def numbers(self, z: np.ndarray) -> np.ndarray:
        """Standard normal places to numbers; z: (n, parameters), returns the same shape."""
        columns = [np.interp(z[:, i], _PLACES, row) for i, row in enumerate(self._quantiles)]
        whole = [entry.whole for entry in self.entries]
        values = np.stack(columns, axis=1)
        return np.where(whole, np.round(values), values)

    @cached_property
    def _quantiles(self) -> np.ndarray:
        """The numbers at ``_PLACES``, a row a number."""
        low, mode, high = (column[:, None] for column in self._columns())
        a = 1 + _WEIGHT * (mode - low) / (high - low)
        b = 1 + _WEIGHT * (high - mode) / (high - low)
        return low + (high - low) * betaincinv(a, b, ndtr(_PLACES))

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Numbers to -1 (low) ... 1 (high), for polynomials."""
        low, _, high = self._columns()
        return 2 * (np.asarray(values, float) - low) / (high - low) - 1

    def _columns(self) -> tuple[np.ndarray, ...]:
        return tuple(np.array([(e.low, e.mode, e.high) for e in self.entries]).T)


def pert(key: str, default: float, low: float, high: float, whole: bool, reason: str) -> Free:
    """The prior of one number from its default and declared range."""
    if (low, high) == (0.0, 1.0):
        least = default / (default + FACTOR * (1 - default)) if default < 1 else _AT_ONE
        most = FACTOR * default / (FACTOR * default + 1 - default)
    else:
        least, most = max(low, default / FACTOR), min(high, default * FACTOR)
    return Free(key, least, default, most, whole, reason)


@cache
def candidates() -> Prior:
    """Every number that might be free: of theory, sector tables, translation, sizes not known."""
    return Prior((*_of_theory(), *_of_sectors(), *_of_translation(), *_of_cases()))


def _of_translation() -> Iterator[Free]:
    for key, reason in TRANSLATED.items():
        yield pert(key, 1.0, 0.0, np.inf, False, reason)


def _of_theory() -> Iterator[Free]:
    for key, parameter, _, default in each():
        if default > 0 and not parameter.reason.startswith(_BY_DEFINITION):
            low, high = parameter.low, parameter.high
            yield pert(key, default, low, high, parameter.whole, parameter.reason)


@cache
def sector_tables() -> dict[str, Sector]:
    """The sector tables that ship, by name."""
    return {
        path.stem: parse_document(load_document(path), Sector)
        for path in sorted(SECTORS.glob("*.toml"))
    }


def _of_sectors() -> Iterator[Free]:
    for name, sector in sector_tables().items():
        for key, value in _numbers(sector.model_dump(), f"{SECTOR_KEY}{name}"):
            if value > 0:
                unbounded = key.endswith(("_price", ".pace", ".rivals"))
                yield pert(key, value, 0.0, np.inf if unbounded else 1.0, False, sector.source)


def _of_cases() -> Iterator[Free]:
    for key, (middle, reason) in unknown_sizes().items():
        yield pert(key, middle, 0.0, np.inf, False, reason)


def _numbers(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, float]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{prefix}.{key}")
        elif isinstance(value, float | int):
            yield f"{prefix}.{key}", float(value)
