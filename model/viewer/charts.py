"""Lines and bars as SVG text: no library in the browser, quick to make, read aloud by ``aria-label``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10

import numpy as np

from model.language import say, signed_as_here
from model.wording import colours
from model.wording.sentences import listed

WIDTH, HALF = 400, 200  # of a chart, in units of its own; it is scaled to the page
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 130, 38, 20
_RIGHT_OF_HALF = 60
_GAP = 13  # between names at the ends of lines
_BAR, _BETWEEN = 11, 7
_DASH = ' stroke-dasharray="5 3"'


@dataclass(frozen=True)
class Line:
    """One line: (n,) values, NaN where there is none, and a band around it if it has one."""

    name: str
    values: np.ndarray
    colour: str
    dashed: bool = False
    band: tuple[np.ndarray, np.ndarray] | None = None


def lines(
    title: str,
    unit: str,
    ticks: np.ndarray,
    drawn: Sequence[Line],
    horizon: int,
    top: float | None = None,
    half: bool = False,
) -> str:
    """A chart over quarters from 0 to the horizon; ``top``: end of a fixed scale from 0.

    Without ``top`` the scale holds 0 and all values. Names stand at the ends of the lines. ``half``:
    so narrow that two stand side by side.
    """
    marks = _fixed(top) if top is not None else _marks(*_extent(drawn))
    low, high = marks[0], marks[-1]
    height = 150 if half else 172
    names = [f"{line.name} {_number(_last(line.values))}" for line in drawn]
    right = HALF - _RIGHT_OF_HALF if half else WIDTH - max(_RIGHT, 22 + _wide(names, 11))
    bottom = height - _BOTTOM
    across = (right - _LEFT) / max(1, horizon)
    up = (bottom - _TOP) / (high - low)

    def at(tick: float, value: float) -> str:
        return f"{_LEFT + across * tick:.1f} {bottom - up * (value - low):.1f}"

    parts = [
        _head(title, say("{unit}, by quarter", unit=unit)),
        *_grid(marks, low, high, bottom, right, horizon, half),
    ]
    for line in drawn:
        if line.band is not None:
            parts.append(_band(line, ticks, at))
    for line in drawn:
        parts.append(_path(line, ticks, at))
    heights = [bottom - up * (_last(line.values) - low) for line in drawn]
    parts += _names(drawn, heights, right, bottom)
    told = "; ".join(f"{line.name} {_number(_last(line.values))}".strip() for line in drawn)
    last = int(ticks[-1]) if len(ticks) else 0
    said = say(
        "{title}, {unit}, quarter {quarter}: {told}",
        title=title, unit=unit, quarter=last, told=told or say("nothing yet"),
    )  # fmt: skip
    return _svg(said, height, parts, HALF if half else WIDTH)


def bars(
    title: str,
    unit: str,
    rows: Sequence[tuple[str, Sequence[Sequence[float]]]],
    fills: Sequence[str],
    top: float | None = None,
    twins: Sequence[str] = (),
) -> str:
    """Rows of a name and one stack of numbers, or one for each of twins, which are named by letter."""
    totals = [sum(stack) for _, stacks in rows for stack in stacks]
    high = top if top is not None else max([*totals, 1e-9])
    each = max((len(stacks) for _, stacks in rows), default=1)
    left = max(164.0, (24 if twins else 20) + _wide([name for name, _ in rows], 12))
    room = WIDTH - left - 54
    parts, y, told = [_head(title, unit)], _TOP + 6, []
    for name, stacks in rows:
        middle = y + each * _BAR / 2 + 4
        parts.append(_text(left - (18 if twins else 8), middle, name, 12, "end"))
        for number, stack in enumerate(stacks):
            x: float = left
            if twins:
                parts.append(_text(left - 6, y + _BAR - 2, twins[number], 9, "end", colours.FAINT))
            for value, colour in zip(stack, fills, strict=False):
                wide = room * min(value, high) / high
                parts.append(
                    f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BAR - 1}" fill="{colour}"'
                    f"{_faded(number)}/>"
                )
                x += wide
            parts.append(
                _text(x + 4, y + _BAR - 2, _number(sum(stack)), 10, "start", colours.FAINT)
            )
            y += _BAR
        told.append(f"{name} {listed([_number(sum(stack)) for stack in stacks])}")
        y += _BETWEEN
    return _svg(f"{title}, {unit}: {'; '.join(told) or say('nothing yet')}", y + 4, parts)


def _wide(texts: Sequence[str], size: float) -> float:
    """About how wide the longest text is: a letter is half as wide as high."""
    return max((0.5 * size * len(text) for text in texts), default=0.0)


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Names with their colours, as HTML."""
    return "".join(
        f'<span class="key"><i style="background:{colour}"></i>{escape(name)}</span>'
        for name, colour in entries
    )


def _faded(number: int) -> str:
    return ' fill-opacity="0.55"' if number else ""


def _svg(told: str, height: float, parts: Sequence[str], width: int = WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height:.0f}" width="100%" role="img" '
        f'class="{"half" if width == HALF else "whole"}" '
        f'aria-label="{escape(told)}">{"".join(parts)}</svg>'
    )


def _head(title: str, unit: str) -> str:
    return (
        f'<text x="0" y="13" font-size="13" font-weight="600">{escape(title)}</text>'
        f'<text x="0" y="26" font-size="10.5" fill="{colours.FAINT}">{escape(unit)}</text>'
    )


def _text(
    x: float, y: float, text: str, size: float, anchor: str, colour: str = colours.INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(text)}</text>'
    )


def _grid(
    marks: Sequence[float],
    low: float,
    high: float,
    bottom: float,
    right: float,
    horizon: int,
    half: bool,
) -> list[str]:
    parts = []
    places = _decimals(marks)
    for mark in marks:
        y = bottom - (bottom - _TOP) * (mark - low) / (high - low)
        strong = colours.FAINT if mark == 0 else colours.LINE
        parts.append(
            f'<line x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{strong}" '
            f'stroke-width="{1 if mark == 0 else 0.8}"/>'
        )
        parts.append(
            _text(_LEFT - 5, y + 4, signed_as_here(f"{mark:,.{places}f}"), 11, "end", colours.FAINT)
        )
    for tick in _marks(0, horizon)[:: 2 if half else 1]:
        if tick <= horizon and tick == int(tick):
            x = _LEFT + (right - _LEFT) * tick / max(1, horizon)
            parts.append(_text(x, bottom + 14, f"{tick:g}", 11, "middle", colours.FAINT))
    return parts


def _band(line: Line, ticks: np.ndarray, at: Callable[[float, float], str]) -> str:
    assert line.band is not None
    low, high = line.band
    seen = np.isfinite(low) & np.isfinite(high)
    there = [at(t, v) for t, v in zip(ticks[seen], high[seen], strict=True)]
    back = [at(t, v) for t, v in zip(ticks[seen][::-1], low[seen][::-1], strict=True)]
    if len(there) < 2:
        return ""
    return f'<path d="M{"L".join(there + back)}Z" fill="{line.colour}" fill-opacity="0.16"/>'


def _path(line: Line, ticks: np.ndarray, at: Callable[[float, float], str]) -> str:
    seen = np.isfinite(line.values)
    points = [at(t, v) for t, v in zip(ticks[seen], line.values[seen], strict=True)]
    dash = _DASH if line.dashed else ""
    stroke = f'stroke="{line.colour}" stroke-width="2"{dash}'
    if not points:
        return ""
    if len(points) == 1:
        x, y = points[0].split()
        return f'<circle cx="{x}" cy="{y}" r="2.5" fill="{line.colour}"/>'
    return f'<path d="M{"L".join(points)}" fill="none" stroke-linejoin="round" {stroke}/>'


def _names(
    drawn: Sequence[Line], heights: Sequence[float], right: float, bottom: float
) -> list[str]:
    """Names at the ends of lines with the last values, kept apart from each other."""
    shown = [(y, line) for y, line in zip(heights, drawn, strict=True) if isfinite(y)]
    shown.sort(key=lambda pair: pair[0])
    places = [max(y + 4.0, _TOP + 4.0) for y, _ in shown]
    for here in range(1, len(places)):
        places[here] = max(places[here], places[here - 1] + _GAP)
    floor_ = bottom + 8.0
    for here in reversed(range(len(places))):  # up again from the floor
        places[here] = min(places[here], floor_)
        floor_ = places[here] - _GAP
    return [
        part
        for place, (_, line) in zip(places, shown, strict=True)
        for part in (
            f'<line x1="{right + 5}" x2="{right + 15}" y1="{place - 4:.1f}" y2="{place - 4:.1f}" '
            f'stroke="{line.colour}" stroke-width="3"{_DASH if line.dashed else ""}/>',
            _text(
                right + 19, place, f"{line.name} {_number(_last(line.values))}".strip(), 11, "start"
            ),
        )
    ]


def _fixed(top: float) -> list[float]:
    """Marks of a scale from 0 to a fixed end, in thirds or halves."""
    parts = 3 if top % 3 == 0 else 2
    return [top * n / parts for n in range(parts + 1)]


def _extent(drawn: Sequence[Line]) -> tuple[float, float]:
    values = [line.values[np.isfinite(line.values)] for line in drawn]
    joined = np.concatenate([*values, np.zeros(1)])
    low, high = float(joined.min()), float(joined.max())
    return (low, high) if high > low else (low, low + 1.0)


def _marks(low: float, high: float) -> list[float]:
    """Some round numbers that hold the scale."""
    size = max(high - low, 1e-9)
    step = 10.0 ** floor(log10(size / 3.0))
    step *= next(m for m in (1, 2, 5, 10) if size / (step * m) <= 5.0)
    first = floor(low / step + 1e-9)
    last = -floor(-high / step + 1e-9)
    return [round(n * step, 10) for n in range(first, max(last, first + 1) + 1)]


def _decimals(marks: Sequence[float]) -> int:
    """Decimals that tell marks apart, and no more."""
    return next((n for n in range(6) if all(abs(m - round(m, n)) < 1e-9 for m in marks)), 6)


def _last(values: np.ndarray) -> float:
    return float(values[-1]) if len(values) else float("nan")


def _number(value: float) -> str:
    if not isfinite(value):
        return ""
    size = abs(value)
    if size >= 100 or value == int(value):
        return signed_as_here(f"{value:,.0f}")
    return signed_as_here(f"{value:.{1 if size >= 10 else 2 if size >= 0.1 else 3}f}")
