"""One lever on the page: a slider, a box, a switch or a list, with its sentence of help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from reacton import ipyvuetify as rv

from model.language import say, say_name, signed_as_here
from model.viewer.levers import Lever
from model.wording.numbers import titled
from model.wording.titles import GOVERNED


@solara.component
def LeverInput(lever: Lever, on_move: Callable[[Any], None]) -> None:
    """Shows a lever; ``on_move`` is told the new value when the visitor lets go of it."""
    said = {"label": lever.title, "hint": lever.help, "persistent_hint": True, "dense": True}
    if lever.kind == "share" and lever.value is not None:
        Slider(lever, on_move)
    elif lever.kind in ("share", "number", "whole", "text"):
        Box(lever, on_move)
    elif lever.kind == "switch":
        rv.Switch(v_model=lever.value, on_v_model=on_move, **said)
    elif lever.kind == "choice":
        rv.Select(v_model=lever.value, on_v_model=on_move, items=_items(lever.choices), **said)
    else:
        rv.Select(v_model=lever.value, on_v_model=on_move, items=_items(lever.choices),
                  multiple=True, small_chips=True, **said)  # fmt: skip


@solara.component
def Slider(lever: Lever, on_move: Callable[[Any], None]) -> None:
    """A share; told when it is let go."""
    with solara.Div(classes=["lever"]):
        solara.Text(
            f"{lever.title}: {signed_as_here(f'{lever.value:.2f}')}", classes=["lever-name"]
        )
        slider = rv.Slider(
            v_model=lever.value, min=lever.low, max=lever.high, step=0.01, thumb_label=True, dense=True,
            loading=False, hint=lever.help, persistent_hint=True, attributes={"aria-label": lever.title},
        )  # fmt: skip
        rv.use_event(slider, "change", lambda widget, event, value: on_move(float(value)))


@solara.component
def Box(lever: Lever, on_move: Callable[[Any], None]) -> None:
    """A number or a text; told on Enter, or when the visitor goes elsewhere."""
    number = lever.kind != "text"
    box = rv.TextField(
        v_model="" if lever.value is None else str(lever.value), type="number" if number else "text",
        label=lever.title, hint=lever.help, persistent_hint=True, dense=True,
        placeholder=say("as the sector says") if lever.value is None else "",
    )  # fmt: skip

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
    return [{"text": say_name(GOVERNED.get(c, titled(c))), "value": c} for c in choices]
