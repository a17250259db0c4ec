"""Single records for the rules of the theory: a firm, a chain, parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from model.draws import generator
from model.parameters import INSTRUMENT_KINDS, Parameters, as_row, catalogue, dtype, neutralised
from model.theory.mechanism import Parameter
from model.theory.practices import ALL, DIMENSIONS, PER_RUNG
from model.theory.road import HIGH
from model.world import tables as t


def params(**mechanisms: dict[str, Any]) -> np.record:
    """A row of parameters: the defaults, but for what is given by mechanism."""
    return _row(Parameters.model_validate(mechanisms))


def neutral_params(*mechanisms: str, **changes: dict[str, Any]) -> np.record:
    """A row of parameters with mechanisms at their neutral case."""
    return _row(neutralised(Parameters.model_validate(changes), mechanisms))


def _row(parameters: Any) -> np.record:
    row = t.table(dtype(), 1)
    row[0] = as_row(parameters)
    return row[0]


def _record(kind: np.dtype, columns: dict[str, Any]) -> np.record:
    row = t.table(kind, 1)[0]
    for name, value in columns.items():
        row[name] = value
    return row


def firm(**columns: Any) -> np.record:
    """A firm in business on the high road, with 1 unit of resources, no mastery and no buyer."""
    return _record(
        t.FIRM, {"active": 1, "road": HIGH, "contract": t.NOBODY, "resources": 1.0} | columns
    )


def sector(**columns: Any) -> np.record:
    """A sector in which nobody holds anything and nothing is tacit, at the exchange rate of the start."""
    return _record(t.SECTOR, {"exchange": 1.0} | columns)


def community(**columns: Any) -> np.record:
    """A community that offers nothing."""
    return _record(t.COMMUNITY, columns)


def chain(**columns: Any) -> np.record:
    """A chain that asks nothing and follows none, at the price level and exchange rate of the start."""
    start = {"price": 1.0, "exchange": 1.0, "pull": 1.0, "follows": t.NOBODY}
    return _record(t.CHAIN, start | columns)


def aid(number: int, left: float) -> list[float]:
    """What the kind of instrument ``number`` left for rules in a community or chain, and no other."""
    return [left * (number == kind.number) for kind in INSTRUMENT_KINDS]


def institution(**columns: Any) -> np.record:
    """An institution without means."""
    return _record(t.INSTITUTION, {"largest": np.inf} | columns)


def practices(rung: int, n: int = PER_RUNG) -> int:
    """The first ``n`` practices of rung 1, 2 or 3."""
    return ((1 << n) - 1) << PER_RUNG * (rung - 1)


def draws(n: int, *path: int) -> np.ndarray:
    """``n`` draws as uint64, the same every time."""
    return generator(*path).integers(0, 2**64, n, np.uint64)


def anything(share: float = 0.5, *path: int) -> int:
    """A mask that holds each practice with chance ``share``, the same every time."""
    bits = generator(*path).random(48) < share
    return int(sum(1 << i for i in range(48) if bits[i])) & ALL


def anywhere(*mechanisms: str) -> st.SearchStrategy[np.record]:
    """Parameters of the named mechanisms anywhere in their range, the rest at their defaults."""
    blocks = {}
    for mechanism in catalogue():
        if mechanism.name in mechanisms:
            blocks[mechanism.name] = st.fixed_dictionaries(
                {p.name: _within(p) for p in mechanism.parameters}
            )
    return st.fixed_dictionaries(blocks).map(lambda chosen: params(**chosen))


def _within(p: Parameter) -> st.SearchStrategy[Any]:
    one = st.integers(int(p.low), int(p.high)) if p.whole else st.floats(p.low, p.high)
    return st.fixed_dictionaries(dict.fromkeys(p.labels, one)) if p.labels else one


shares = st.floats(0, 1)
any_mask = st.integers(0, ALL)
any_draw = st.integers(0, 2**64 - 1).map(np.uint64)
any_dimension = st.sampled_from(range(len(DIMENSIONS)))
