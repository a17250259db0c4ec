"""Shocks: what happens on the way. They go into the scenario's timetable, so that both are one."""

from __future__ import annotations

from html import escape
from typing import Any

import solara
from reacton import ipyvuetify as rv

from model.language import noted, say, say_name
from model.scenario.schema import Scenario
from model.viewer.inputs import read
from model.viewer.levers import OF_COUNTRY, SHOCKS, Lever, lever
from model.viewer.session import Session
from model.wording.numbers import as_asked, titled
from model.wording.titles import title_of

_COUNTRY = noted("The whole country")


@solara.component
def Shocks(session: Session) -> None:
    """What the timetable holds, and one event more."""
    scenario = session.design.scenario
    for name, change in scenario.timetable.items():
        with solara.Row(style="align-items:center", gap="4px"):
            title = change.title or titled(name)
            solara.HTML(
                tag="span",
                unsafe_innerHTML=f"<b>{escape(say('Quarter {n}', n=change.tick))}</b> {escape(title)}",
            )
            solara.Button(icon_name="mdi-close", icon=True, small=True,
                          attributes={"title": say("Take it out")},
                          on_click=lambda name=name: session.take_out(("timetable", name)))  # fmt: skip
    _Add(session)


@solara.component
def _Add(session: Session) -> None:
    scenario = session.design.scenario
    places = [
        {"text": f"{say(_COUNTRY)}: {_small(what)}", "value": f"economy {what}"}
        for what in OF_COUNTRY
    ] + [
        {"text": f"{title_of(getattr(scenario, table), key)}: {_small(what)}",
         "value": f"{table} {key} {what}"}
        for table, columns in SHOCKS.items()
        for key in getattr(scenario, table)
        for what in columns
    ]  # fmt: skip
    chosen, choose = solara.use_state("")
    value, set_value = solara.use_state("")
    frame = session.frame.value
    now = frame.worlds[0].tick if frame else 0
    when, set_when = solara.use_state("")
    solara.Text(say("Something happens in a quarter: the world lives up to now again, and through it."),
                classes=["note"])  # fmt: skip
    rv.Autocomplete(label=say("What changes"), no_data_text=say("Nothing fits"), v_model=chosen,
                    on_v_model=lambda v: choose(v or ""), items=places,
                    dense=True, hide_details=True, class_="shock-what")  # fmt: skip
    if not chosen:
        return
    path = tuple(chosen.split(" "))
    moved = lever(session.design, path)
    held = say("as its sector says") if moved.value is None else as_asked(moved.value)
    rv.TextField(label=say("to"), v_model=value, on_v_model=set_value, type="number", dense=True,
                 hint=say("{meaning}; now {value}", meaning=moved.help, value=held),
                 persistent_hint=True, class_="shock-to")  # fmt: skip
    rv.TextField(label=say("in quarter"), v_model=when, on_v_model=set_when, type="number", dense=True,
                 placeholder=str(now), hint=say("Left empty: now."), persistent_hint=True)  # fmt: skip

    def add() -> None:
        to = read(moved, value)
        if to is None:
            return
        tick = int(float(when)) if when else now
        session.shock(_free_name(scenario), event_of(moved, path, to, tick, scenario))
        choose("")
        set_value("")
        set_when("")

    solara.Button(say("Add the shock"), on_click=add, outlined=True, small=True, disabled=not value)


def event_of(
    moved: Lever, path: tuple[str, ...], to: Any, tick: int, scenario: Scenario
) -> dict[str, Any]:
    """The event of the timetable that sets the key at ``path`` to a value."""
    table, *thing, what = path
    whose = title_of(getattr(scenario, table), thing[0]) if thing else say(_COUNTRY)
    title = say(
        "{whose}: {what} becomes {value}", whose=whose, what=moved.title.lower(), value=as_asked(to)
    )
    change: dict[str, Any] = {what: to}
    return {"title": title, "tick": tick, table: {thing[0]: change} if thing else change}


def _small(what: str) -> str:
    return say_name(titled(what)).lower()


def _free_name(scenario: Scenario) -> str:
    number = 1
    while f"shock_{number}" in scenario.timetable:
        number += 1
    return f"shock_{number}"
