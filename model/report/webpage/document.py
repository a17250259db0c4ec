"""What a page is made of, and how it becomes one HTML file that loads nothing from elsewhere.

Text is escaped wherever it comes from: scenario files are written by anybody. Figures are embedded
as images, in which no script runs and no name can clash with those of the page.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from model.language import say, spoken
from model.wording.numbers import MISSING, fixed

FILE = "report.html"
_HERE = Path(__file__).parent
_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}
_ROOM = 0.04  # share of an axis left free on either side


@dataclass(frozen=True)
class Picture:
    """A figure from a file; ``alt`` tells what it shows to those who do not see it."""

    source: str
    """Address that holds the picture itself (data:)."""
    alt: str
    caption: str = ""
    kind: str = "picture"

    @classmethod
    def read(cls, file: Path, alt: str, caption: str = "") -> Picture:
        """The picture in an SVG or PNG file; OSError where it can't be read."""
        held = base64.b64encode(file.read_bytes()).decode("ascii")
        return cls(f"data:{_KINDS[file.suffix]};base64,{held}", alt, caption)


@dataclass(frozen=True)
class Grid:
    """A table; the first column names its rows, those listed in ``numbers`` are set right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    note: str = ""
    kind: str = "grid"


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, as text and as a place on the axis of its table."""

    label: str
    text: str
    value: float
    low: float
    high: float
    clear: bool = False
    """Whether the interval excludes the reference."""


@dataclass(frozen=True)
class Estimates:
    """A table of numbers with intervals, each drawn in its row on one common axis."""

    caption: str
    unit: str
    rows: Sequence[Estimate]
    reference: float | None = 0.0
    """Where the upright line stands; None for none."""
    left: str = ""
    right: str = ""
    """What it means to lie left or right of the reference."""
    ends: tuple[str, str] = ("", "")
    """Numbers at the two ends of the axis, as text; see ``with_ends``."""
    note: str = ""
    kind: str = "estimates"

    def axis(self) -> tuple[float, float]:
        """The values at the two ends: all that the rows and the reference reach."""
        reach = [v for row in self.rows for v in (row.value, row.low, row.high) if isfinite(v)]
        reach += [] if self.reference is None else [self.reference]
        low, high = (min(reach), max(reach)) if reach else (0.0, 1.0)
        return (low, high) if high > low else (low - 1.0, high + 1.0)

    def with_ends(self, places: int) -> Estimates:
        """The same table with numbers at the two ends of its axis."""
        low, high = self.axis()
        return replace(self, ends=(fixed(low, places), fixed(high, places)))

    def place(self, value: float) -> str:
        """Where on the axis a value stands, as CSS writes it."""
        low, high = self.axis()
        share = (value - low) / (high - low)
        return f"{100 * (_ROOM + share * (1 - 2 * _ROOM)):.2f}%"


Block = Picture | Grid | Estimates


@dataclass(frozen=True)
class DocumentSection:
    """A heading with paragraphs and blocks below it."""

    title: str
    paragraphs: Sequence[str] = ()
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Fold:
    """Long text that opens when asked for, set as it is written."""

    title: str
    text: str


@dataclass(frozen=True)
class Page:
    """A report: question, answer, design, what was found, what it rests on."""

    kind: str
    title: str
    question: str
    answer: Sequence[str]
    """The first is the sentence to quote."""
    design: Sequence[tuple[str, str]]
    """Terms and what they are here."""
    sections: Sequence[DocumentSection]
    assumptions: Sequence[str]
    provenance: Sequence[tuple[str, str]]
    command: str = ""
    folds: Sequence[Fold] = ()


def html(page: Page) -> str:
    """The page as one HTML document."""
    return render("page.html.j2", "page.css", page=page, missing=MISSING)


def render(template: str, style: str, **values: Any) -> str:
    """A template of this folder filled in, all text escaped, with its style sheet in the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    room.tests["number"] = isfinite
    values |= {"say": say, "language": spoken()}
    sheet = (_HERE / style).read_text(encoding="utf-8")
    return room.get_template(template).render(style=sheet, **values)


def write(page: Page, folder: Path) -> Path:
    """Write ``report.html`` into a folder of results; returns its path."""
    file = folder / FILE
    file.write_text(html(page), encoding="utf-8")
    return file
