"""An industry's code to one of the four ways of learning; every line of the table has its reason.

Codes are matched by their first digits, the longest line first, so that cut stone (ISIC Rev. 4 2396)
does not learn as tiles (23) do. Industries that are none of the four have a line that says so.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.scenario.faults import suggest

TABLE = Path(__file__).parent / "concordance.csv"
_FORM = re.compile(
    r"^\s*([A-Za-z]+)\s*\.?\s*(?:rev\.?\s*)?(4(?=[\s:]))?\s*:?\s*([\d.\-/]+)\s*$", re.I
)


@dataclass(frozen=True)
class ConcordanceLine:
    """What industries whose codes begin with ``code`` are counted as; ``sector`` "" for none."""

    classification: str
    code: str
    sector: str
    industry: str
    reason: str


class UnknownIndustryError(ValueError):
    """Why a code leads to no sector, in words."""


@cache
def concordance() -> tuple[ConcordanceLine, ...]:
    """All lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(ConcordanceLine(**row) for row in csv.DictReader(file))


def sector_of(industry: str) -> ConcordanceLine:
    """The line for ``ISIC4 3100`` or ``CNAE 31.01-2``; UnknownIndustryError where there is none."""
    form = _FORM.match(industry)
    if not form:
        raise UnknownIndustryError("must be a classification and a code, for instance ISIC4 3100")
    name = form[1].upper()
    name = "ISIC4" if name == "ISIC" else name
    code = re.sub(r"\D", "", form[3])
    known = dict.fromkeys(line.classification for line in concordance())
    if name not in known:
        raise UnknownIndustryError(f"{form[1]} is no classification; {suggest(name, known)}")
    lines = [x for x in concordance() if x.classification == name and code.startswith(x.code)]
    if not lines:
        raise UnknownIndustryError("no line of the concordance has this code; say sector yourself")
    line = max(lines, key=lambda each: len(each.code))
    if not line.sector:
        raise UnknownIndustryError(f"{line.industry}: {line.reason}; say sector yourself")
    return line
