"""The look of every figure: sizes, fonts, palette, page, and how it is written.

Matplotlib is loaded when a figure is made and used without its global state. Colours go by order,
never by name; each comes with a mark and a dash of its own, so that nothing hangs on colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import ENGLISH, signed_as_here, spoken
from model.wording.colours import FAINT, FILLS, INK, PALETTE
from model.wording.colours import LINE as GRID
from model.wording.markup import FIGURE_SETTINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Formatter

MARKS = ("o", "s", "D", "^", "v", "P", "X", "*")
HATCHES = ("", "////", "....")

TITLE, TEXT, SMALL = 11.0, 8.0, 7.0  # points
MARGIN = 0.12  # inches around a page
_LEADING = 1.3  # from line to line, in font sizes
_POINTS = 72.0  # in an inch
_HINTED = 1.06  # letters set on whole pixels run wider than their outlines
_DPI = 150
_GENERAL = "{x:g}"
_HEAD = 4000  # letters of an SVG in which it tells about itself

# DejaVu comes with matplotlib; Verdana has its widths and stands in where an SVG is read.
_SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": SMALL,
    "axes.labelcolor": FAINT,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": TEXT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.width": 0.6,
    "ytick.major.size": 2.5,
    "legend.frameon": False,
    "legend.fontsize": TEXT,
    "hatch.linewidth": 0.4,
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "highroad",
    **FIGURE_SETTINGS,
}


@contextmanager
def in_style() -> Iterator[None]:
    """Matplotlib's own defaults and the settings above, whatever the reader's are; a decorator too."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def page(
    width: float,
    body: float,
    title: str,
    subtitle: str,
    note: str,
    keys: Sequence[Any] = (),
    across: int = 3,
) -> Figure:
    """An empty figure: title, subtitle and legend above ``body`` inches for panels, note below.

    Texts are wrapped to the width (inches); paragraphs of the note are parted by newlines. ``keys``
    are what matplotlib calls handles, ``across`` of them in a line of the legend.
    """
    from matplotlib.figure import Figure

    room = width - 2 * MARGIN
    blocks = (
        (fit(title, room, TITLE, bold=True), TITLE, INK, "bold"),
        (fit(subtitle, room, TEXT), TEXT, FAINT, "normal"),
        (fit(note, room, SMALL), SMALL, FAINT, "normal"),
    )
    heights = [len(lines) * _line(size) for lines, size, _, _ in blocks]
    legend = -(-len(keys) // across) * 0.19
    head = MARGIN + heights[0] + heights[1] + 0.06
    above, below = head + legend + 0.04, MARGIN + heights[2] + 0.08
    height = above + body + below
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.set_label(title)
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(rect=(MARGIN / width, below / height, room / width, body / height))  # type: ignore[call-arg]
    tops = (height - MARGIN, height - MARGIN - heights[0], below - 0.08)
    for (lines, size, colour, weight), top in zip(blocks, tops, strict=True):
        for number, line in enumerate(lines):
            at = (top - number * _line(size)) / height
            figure.text(MARGIN / width, at, line, size=size, color=colour, weight=weight, va="top")
    if keys:
        box = figure.legend(
            handles=list(keys), loc="upper left", ncols=min(across, len(keys)),
            bbox_to_anchor=(MARGIN / width, (height - head) / height), borderaxespad=0,
            borderpad=0, handlelength=1.6, columnspacing=1.6, labelspacing=0.35,
        )  # fmt: skip
        box.set_in_layout(False)
    return figure


def _line(size: float) -> float:
    return size * _LEADING / _POINTS


def inches(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of text."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    width = text_to_path.get_text_width_height_descent(text, font, False)[0]
    return float(width) * _HINTED / _POINTS


def fit(text: str, width: float, size: float = TEXT, bold: bool = False) -> list[str]:
    """Lines of ``text`` broken between words so that none is wider than ``width`` inches."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and inches(longer, size, bold) > width:
                lines.append(line)
                longer = word
            line = longer
        if line:
            lines.append(line)
    return lines


def wrapped(text: str, width: float, size: float = TEXT, bold: bool = False) -> str:
    """The text with line breaks, so that no line is wider than ``width`` inches."""
    return "\n".join(fit(text, width, size, bold))


def colour(order: int) -> str:
    """Colour of the thing at place ``order`` (0 is what the others are compared with)."""
    return PALETTE[order] if order < len(PALETTE) else PALETTE[1 + (order - 1) % 6]


def mark(order: int) -> str:
    """Mark of the thing at place ``order``."""
    return MARKS[order % len(MARKS)]


def dash(order: int) -> Any:
    """Line style of the thing at place ``order``: broken once the colours begin again."""
    return "-" if order < len(PALETTE) else (0, (4, 1.5))


def fill(order: int) -> dict[str, Any]:
    """Face colour and hatch of the thing at place ``order`` among stacked bars."""
    hatch = HATCHES[order // len(FILLS) % len(HATCHES)]
    return {"facecolor": FILLS[order % len(FILLS)], "hatch": hatch}


def rows(axes: Axes, labels: list[str], size: float = TEXT) -> None:
    """Rows 0, 1, ... from the top with their labels, and no line or tick on that side."""
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Places near those ``wanted``, at least ``gap`` apart and, if they fit, from low to high."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    places = [min(max(wanted[i], low), high) for i in order]
    for before, here in pairwise(range(len(places))):
        places[here] = max(places[here], places[before] + gap)
    if places and places[-1] > high:
        places[-1] = high
        for after, here in pairwise(reversed(range(len(places)))):
            places[here] = min(places[here], places[after] - gap)
    put = dict(zip(order, places, strict=True))
    return [put[i] for i in range(len(wanted))]


@in_style()
def save(figure: Figure, folder: Path | str, name: str) -> tuple[Path, Path]:
    """Write ``name.png`` (150 dpi) and ``name.svg`` into a folder that exists; their paths.

    Neither holds a date or a version, so equal results give equal files. Raises OSError where the
    folder can't be written.
    """
    png, svg = Path(folder) / f"{name}.png", Path(folder) / f"{name}.svg"
    _sign_numbers(figure)
    figure.savefig(png, dpi=_DPI, metadata={"Software": None})
    _settle(figure)
    about = {"Date": None, "Creator": "Highroad", "Title": str(figure.get_label())}
    figure.savefig(svg, metadata=about | {"Language": spoken()})
    return png, svg


def language_of(svg: Path) -> str:
    """The language that a figure was drawn in; of one that does not say it, English."""
    with svg.open(encoding="utf-8") as file:
        said = re.search(r"<dc:language>(\w+)</dc:language>", file.read(_HEAD))
    return said[1] if said else ENGLISH


def _sign_numbers(figure: Figure) -> None:
    """Numbers along the axes as the language spoken writes them."""
    if spoken() == ENGLISH:
        return
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if signed := _signed(axis.get_major_formatter()):
                axis.set_major_formatter(signed)


def _signed(formatter: Formatter) -> Formatter | None:
    """The same kind of numbers with the signs of the language spoken; None for texts."""
    from matplotlib.ticker import ScalarFormatter, StrMethodFormatter

    class SignedScalar(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return signed_as_here(super().__call__(x, pos))

    class SignedGeneral(StrMethodFormatter):
        def __init__(self) -> None:
            super().__init__(_GENERAL)

        def __call__(self, x: float, pos: int | None = None) -> str:
            return signed_as_here(super().__call__(x, pos))

    if type(formatter) is ScalarFormatter:
        return SignedScalar()
    return SignedGeneral() if type(formatter) is StrMethodFormatter else None


def _settle(figure: Figure) -> None:
    """Leave the axes where the layout has put them, without its last digits.

    These differ from one call to the next, and names of clip paths in an SVG are made from them.
    """
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = axes.get_position(original=True).bounds
        axes.set_position((round(left, 9), round(bottom, 9), round(width, 9), round(height, 9)))


def log_scale(axes: Axes) -> None:
    """A horizontal axis in logarithms, its numbers written out rather than as powers of ten."""
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(StrMethodFormatter(_GENERAL))
    axes.xaxis.set_minor_formatter(NullFormatter())


def few_ticks(axes: Axes) -> None:
    """At most five numbers along the horizontal axis, so that long ones do not touch."""
    axes.locator_params(axis="x", nbins=5)
