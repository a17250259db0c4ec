"""One lever on the page: a slider, a box, a switch or a list, with its sentence of help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from reacton import ipyvuetify as rv

from model.viewer.levers import Lever
from model.viewer.words import GOVERNED, plain


@solara.component
def LeverInput(lever: Lever, on_move: Callable[[Any], None]) -> None:
    """Shows a lever; ``on_move`` is told the new value when the visitor lets go of it."""
    said = {"label": lever.title, "hint": lever.help, "persistent_hint": True, "dense": True}
    if lever.kind == "share":
        _slider(lever, on_move, said)
    elif lever.kind in ("number", "whole", "text"):
        _box(lever, on_move, said)
    elif lever.kind == "switch":
        rv.Switch(v_model=lever.value, on_v_model=on_move, **said)
    elif lever.kind == "choice":
        rv.Select(v_model=lever.value, on_v_model=on_move, items=_items(lever.choices), **said)
    else:
        rv.Select(v_model=lever.value, on_v_model=on_move, items=_items(lever.choices),
                  multiple=True, small_chips=True, **said)  # fmt: skip


def _slider(lever: Lever, on_move: Callable[[Any], None], said: dict[str, Any]) -> None:
    if lever.value is None:  # not set: the file that it begins from, or the sector, says it
        _box(lever, on_move, said)
        return
    label = f"{lever.title}: {lever.value:.2f}"
    slider = rv.Slider(v_model=lever.value, min=lever.low, max=lever.high, step=0.01,
                       thumb_label=True, **{**said, "label": ""})  # fmt: skip
    rv.use_event(slider, "change", lambda widget, event, value: on_move(float(value)))
    rv.use_event(slider, "end", lambda *_: None)
    solara.Text(label, classes=["lever-name"], style="order:-1;font-size:13.5px")


def _box(lever: Lever, on_move: Callable[[Any], None], said: dict[str, Any]) -> None:
    number = lever.kind != "text"
    shown = "" if lever.value is None else f"{lever.value:g}" if number else str(lever.value)
    if lever.kind == "whole" and lever.value is not None:
        shown = str(lever.value)
    box = rv.TextField(v_model=shown, type="number" if number else "text", **said)

    def told(widget: Any, event: str, text: Any) -> None:
        if (value := read(lever, str(text))) is not None:
            on_move(value)

    rv.use_event(box, "change", told)


def read(lever: Lever, text: str) -> Any:
    """What was typed as a value that the schema takes or complains of; None where nothing was."""
    if not text.strip():
        return None
    if lever.kind == "text":
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if lever.kind == "whole" and number == int(number) else number


def _items(choices: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"text": GOVERNED.get(c, plain(c)), "value": c} for c in choices]
