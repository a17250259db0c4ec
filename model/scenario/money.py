"""``[money]``: what a unit of account is worth, and amounts of money where files mean units.

The unit of account is settled in one place, ``model.theory.value_added.UNIT_OF_ACCOUNT``. A file may
write any number that is in units of account as money instead, once it has said what a unit is worth:

    [money]
    currency = "USD"
    per_unit = 3000
    year = 2005

    [institutions.centre]
    budget = "2000000 USD a year"      # also "a quarter", "a month"
    hour_price = "60 USD"              # a price, paid each time

    units = amount / per_unit x quarters of the period (a year 1/4, a month 3)

Which numbers are money is read off their declared unit. From here on there are units of account only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, Field, JsonValue, ValidationError

from model.parameters import Section
from model.scenario.expected import follow, known_keys
from model.scenario.faults import Key, Misfit, nearest
from model.scenario.layers import at
from model.scenario.toml import entries
from model.theory.value_added import UNIT_OF_ACCOUNT

UNITS = "units of account"
"""How the unit of all that is money begins."""
PRICE: dict[str, JsonValue] = {"unit": UNITS}
"""Declares a field as a sum that is paid each time (``json_schema_extra``)."""
FLOW: dict[str, JsonValue] = {"unit": f"{UNITS} a quarter"}
"""Declares a field as money a quarter."""

PERIODS = {"quarter": 1.0, "month": 3.0, "year": 0.25}
"""By what an amount a period is multiplied to be one a quarter."""
_SCALES = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}

AMOUNT = (
    r"^\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d[\d_]*)(?:\.\d+)?)\s*(thousand|million|billion)?"
    r"\s*([A-Za-z]{3})(?:\s+(?:a|an|per|each)\s+([A-Za-z]+))?\s*$"
)
"""Money as a file writes it: number, scale, currency, period."""


class Money(Section):
    """What one unit of account is worth in a currency."""

    currency: str = Field(
        pattern=r"^[A-Z]{3}$",
        description="currency, in the three letters of ISO 4217",
        examples=["USD"],
        json_schema_extra={"allowed": 'three capital letters, such as "USD"'},
    )
    per_unit: float = Field(
        gt=0,
        le=1e12,
        description=f"{UNIT_OF_ACCOUNT}, in currency",
        examples=[3000.0],
    )
    year: int = Field(
        ge=1900,
        le=2200,
        description="year of whose prices and standard that holds",
        examples=[2005],
    )

    @property
    def name(self) -> str:
        """The currency with the year of its prices."""
        return f"{self.currency} of {self.year}"


def in_units(
    data: dict[str, Any], model: type[BaseModel]
) -> tuple[list[tuple[Key, float]], list[Misfit]]:
    """Each amount of money that a document writes, in units of account, and what is wrong with others.

    ``data``: a document of the kind ``model``, in which any table that may hold ``[money]`` may hold amounts.
    Where ``[money]`` itself is not valid, as validation will say, an amount becomes any number that is.
    """
    found: list[tuple[Key, float]] = []
    wrong: list[Misfit] = []
    for key, text in _texts(data, ()):
        unit, holder, allowed = _of_money(model, key)
        if not unit or _quoted_number(text):
            continue
        try:
            money = _money(at(data, key[:holder]).get("money") if holder is not None else None)
            found.append((key, _units(text, str(key[-1]), unit, money)))
        except ValidationError:
            found.append((key, allowed))
        except _UnclearError as error:
            wrong.append(Misfit(key, *error.args))
    return found, wrong


@lru_cache(maxsize=10_000)
def _of_money(model: type[BaseModel], key: Key) -> tuple[str, int | None, float]:
    """The unit of a key that is money, "" of any other; the depth of the nearest table around it that may
    hold ``[money]``; a number that is allowed there."""
    there = follow(model, key)
    if not there.unit.startswith(UNITS):
        return "", None, 0.0
    holders = [
        depth
        for depth, table in enumerate(there.tables)
        if table is not None and "money" in known_keys(table)
    ]
    return there.unit, holders[-1] if holders else None, float(there.example or 0.0)


def _money(said: Any) -> Money | None:
    return None if said is None else Money.model_validate(said, strict=True)


class _UnclearError(Exception):
    """Why a text is no amount of money here, and what to write."""


def _texts(value: Any, key: Key) -> Iterator[tuple[Key, str]]:
    for name, inner in entries(value):
        if isinstance(inner, str):
            yield (*key, name), inner
        else:
            yield from _texts(inner, (*key, name))


def _quoted_number(text: str) -> bool:
    """Whether this is a bare number in quotes, which validation speaks of."""
    return re.fullmatch(r"\s*[+-]?\d+(\.\d+)?\s*", text) is not None


def _units(text: str, name: str, unit: str, money: Money | None) -> float:
    """An amount for the key ``name`` in units of account, or the reason why it is none."""
    flow = "quarter" in unit
    found = re.match(AMOUNT, text)
    example = (
        f'"{"50000" if flow else "60"} {money.currency if money else "USD"}{" a year" * flow}"'
    )
    if found is None:
        allowed = f"must be a number of {unit}, or an amount of money"
        raise _UnclearError(allowed, f"write e.g. {name} = {example}")
    number, scale, currency, period = (part or "" for part in found.groups())
    if money is None:
        hint = f'write [money] with currency = "{currency.upper()}", per_unit and year, or a number of units'
        raise _UnclearError(
            "names a currency, and there is no [money] that says what it is worth", hint
        )
    if currency.upper() != money.currency:
        raise _UnclearError(
            f"is in {currency.upper()}, and [money] counts in {money.currency}",
            f"write it in {money.currency}",
        )
    amount = float(number.replace(",", "").replace("_", "")) * _SCALES[scale] / money.per_unit
    stem = text.strip().removesuffix(period).rstrip() if period else text.strip()
    if not flow:
        if period:
            hint = f'write "{number} {scale + " " if scale else ""}{money.currency}"'
            raise _UnclearError("is a price, paid each time and not by period", hint)
        return amount
    if not period:
        raise _UnclearError("does not say how often it is paid", f'write "{stem} a year"')
    if period not in PERIODS:
        close = nearest(period, PERIODS) or "year"
        raise _UnclearError(
            f"has an unknown period, {period!r}; known are {_listed(PERIODS)}",
            f'write "{stem} {close}"',
        )
    return amount * PERIODS[period]


def _listed(periods: Iterable[str]) -> str:
    *others, last = (f"a {period}" for period in periods)
    return f"{', '.join(others)} and {last}"
