"""Money in words: units of account, and the currency of the scenario beside them where it has one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from model.language import noted, say
from model.scenario.money import UNITS, Money
from model.wording.numbers import MISSING, number

if TYPE_CHECKING:
    import pandas as pd

_DATED = noted("{currency} of {year}")
_SCALES = ((1e9, noted("{n} billion {currency}")), (1e6, noted("{n} million {currency}")))


def common_money(sections: Iterable[Money | Mapping[str, Any] | None]) -> Money | None:
    """What a unit is worth in all of some scenarios, None where they differ or one does not say."""
    found = [Money.model_validate(s) if isinstance(s, Mapping) else s for s in sections]
    return found[0] if found and all(money == found[0] for money in found) else None


def in_currency(units: float, money: Money) -> str:
    """``10.6 million USD of 2005``."""
    if not math.isfinite(units):
        return MISSING
    amount = units * money.per_unit
    few = (1.0, "{n} {currency}")
    scale, said = next(((s, w) for s, w in _SCALES if abs(amount) >= s), few)
    return say(said, n=number(amount / scale), currency=dated(money))


def dated(money: Money) -> str:
    """The currency with the year of its prices, in words."""
    return say(_DATED, currency=money.currency, year=money.year)


def dated_again(name: str) -> str:
    """A currency as tables name it (``USD of 2005``), in the language spoken."""
    currency, _, year = name.rpartition(" of ")
    return say(_DATED, currency=currency, year=year) if currency else name


def units_and_currency(units: float, money: Money | None) -> str:
    """``3,520 units of account (10.6 million USD of 2005)``, or the units alone."""
    said = say("{n} units of account", n=number(units))
    return f"{said} ({in_currency(units, money)})" if money else said


def with_currency(frame: pd.DataFrame, column: str, money: Money | None) -> pd.DataFrame:
    """A table with a column ``<column>_money`` in currency and ``currency`` beside it, where there is one."""
    if money is None or frame.empty:
        return frame
    amounts = {f"{column}_money": frame[column] * money.per_unit, "currency": money.name}
    return frame.assign(**amounts)


def unit_in_currency(unit: str, money: Money) -> str:
    """A unit of account as a currency: ``USD of 2005 per worker and quarter``."""
    return money.name + unit.removeprefix(UNITS)
