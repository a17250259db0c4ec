"""The levers beside the picture: which world, which design, and what is changed of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara
from reacton import ipyvuetify as rv

from model.language import say
from model.provenance import DOOR
from model.scenario.differences import differences
from model.scenario.faults import Key, show_key
from model.viewer.inputs import LeverInput
from model.viewer.levers import (
    ACCESS,
    ACROSS,
    BOARD,
    CHAIN,
    COMMUNITY,
    EACH,
    INSTITUTION,
    INSTRUMENT,
    RUN,
    Lever,
    levers,
)
from model.viewer.library import AS_FILED, YOURS, experiment_of, ready_made, shelf_of, shipped
from model.viewer.session import Session
from model.viewer.shocks import Shocks
from model.viewer.view_request import SERVER
from model.wording.numbers import titled
from model.wording.titles import title_of


@solara.component
def Side(session: Session) -> None:
    """All that can be chosen and moved."""
    opened, set_opened = solara.use_state(0)
    with solara.Column(classes=["hr-side"], gap="8px", style="padding:10px"):
        _worlds(session)
        if not session.designs.value:
            return
        _twins(session)
        sections: Sequence[tuple[str, Callable[[Session], None]]] = (
            (say("Institution and policy design"), Designs),
            (say("Collective efficiency at the start"), Communities),
            (say("Chains and governance"), Chains),
            (say("Institutions"), Institutions),
            (say("Policy instruments"), Instruments),
            (say("Shocks"), Shocks),
            (say("Random numbers and horizon"), RunLevers),
            (say("Anything else"), Anything),
            (say("What differs, and save"), Saved),
        )
        with rv.ExpansionPanels(v_model=opened, on_v_model=set_opened, accordion=True, flat=True):
            for number, (title, section) in enumerate(sections):
                with rv.ExpansionPanel():
                    rv.ExpansionPanelHeader(children=[title])
                    with rv.ExpansionPanelContent():
                        if opened == number:  # what nobody sees is not made
                            section(session)


def _worlds(session: Session) -> None:
    items: list[dict[str, Any]] = []
    named = [*SERVER.files, *session.files()]
    if named:
        items += [{"header": say("Your files")}, *({"text": n, "value": n} for n in named)]
    shelves = {
        "worlds": say("Worlds"),
        "cases": say("Clusters of the case studies"),
        "patterns": say("Controlled worlds"),
    }
    before = ""
    for key, title in shipped().items():
        shelf = key.split("/")[0]
        if shelf != before:
            items.append({"header": shelves[shelf]})
            before = shelf
        items.append({"text": title, "value": key})
    rv.Autocomplete(
        label=say("World"), no_data_text=say("Nothing fits"), v_model=session.scenario.value, items=items,
        dense=True, outlined=True,
        on_v_model=session.pick, hide_details=True, class_="scenario",
    )  # fmt: skip
    if SERVER.local:
        _opener(session)


def _opener(session: Session) -> None:
    box = rv.TextField(
        v_model="", label=say("Open a scenario or an experiment"), dense=True, placeholder="mine.toml",
        hint=say("Path of a file on this machine, and Enter."), class_="open-file",
    )  # fmt: skip
    rv.use_event(box, "change", lambda widget, event, text: session.open_file(str(text or "")))


def _twins(session: Session) -> None:
    rv.Switch(
        label=say("Twin view: two designs on the same random numbers"), v_model=session.twin,
        on_v_model=session.set_twin, dense=True, hide_details=True, class_="twin",
    )  # fmt: skip
    if session.twin:
        titles = [
            f"{letter}: {d.title}" for letter, d in zip("AB", session.designs.value, strict=False)
        ]
        rv.Select(
            label=say("The levers below move"), v_model=session.hand.value, dense=True, outlined=True,
            items=[{"text": title, "value": n} for n, title in enumerate(titles)],
            on_v_model=session.hand.set, hide_details=True, class_="hand",
        )  # fmt: skip


def _inputs(session: Session, found: Sequence[Lever]) -> None:
    for each in found:
        key = f"{session.scenario.value} {session.hand.value} {show_key(each.key)}"
        LeverInput(each, on_move=lambda value, at=each.key: session.move(at, value)).key(key)


def _chosen(label: str, table: dict[str, Any], extra: Sequence[dict[str, Any]] = ()) -> str:
    """A list to choose one of a scenario's named things from; its key, "" where there is none."""
    items = [*extra, *({"text": title_of(table, key), "value": key} for key in table)]
    first = items[0]["value"] if items else ""
    chosen, choose = solara.use_state(first)
    if chosen not in [item["value"] for item in items]:
        chosen = first
    if items:
        rv.Select(
            label=label,
            v_model=chosen,
            on_v_model=choose,
            items=items,
            dense=True,
            hide_details=True,
        )
    return str(chosen)


@solara.component
def Designs(session: Session) -> None:
    """Ready-made designs, and what is in the library."""
    design = session.design
    known = ready_made(design.filed.path)
    items: list[dict[str, Any]] = [{"text": say("As the file says"), "value": AS_FILED}]
    before = ""
    for key, ready in known.items():
        experiment = experiment_of(key)
        if experiment != before:
            yours = experiment.removeprefix(YOURS)
            head = titled(experiment) if yours == experiment else say("Yours: {name}", name=yours)
            items.append({"header": head})
            before = experiment
        items.append({"text": ready.title, "value": key})
    rv.Select(
        label=say("Design"), v_model=design.ready, items=items, on_v_model=session.ready, dense=True,
        hint=say("From the experiments that start from this world."),
        persistent_hint=True, class_="design",
    )  # fmt: skip
    for table, label in (
        ("institutions", say("Put in an institution")),
        ("instruments", say("Put in an instrument")),
    ):
        shelf = shelf_of(table)
        rv.Select(
            label=label, v_model=None, dense=True, items=[
                {"text": title, "value": name} for name, (title, _) in shelf.items()
            ],
            on_v_model=lambda name, table=table: _put_in(session, table, name),
            hint=say("From scenarios/{shelf}; set its budget and reach below.", shelf=table),
            persistent_hint=True,
        ).key(f"{table} {len(design.moved)}")  # fmt: skip
    solara.Button(say("Back to the file"), on_click=session.restore, text=True, small=True,
                  disabled=not (design.moved or design.ready))  # fmt: skip


def _put_in(session: Session, table: str, name: str | None) -> None:
    if not name:
        return
    content = shelf_of(table)[name][1]
    firms = sum(community.places for community in session.design.scenario.communities.values())
    session.add(table, name, {**content, "budget": content.get("budget") or round(0.1 * firms, 1)})


@solara.component
def Communities(session: Session) -> None:
    """What producers have in each other and around them when the world begins."""
    scenario = session.design.scenario
    everywhere = (
        [{"text": say("All communities"), "value": EACH}] if len(scenario.communities) > 1 else []
    )
    chosen = _chosen(say("Community"), scenario.communities, everywhere)
    _inputs(session, levers(session.design, ("communities", chosen), COMMUNITY))
    if len(scenario.communities) > 1:
        solara.HTML(
            tag="b", unsafe_innerHTML=escape(say("Between communities")), style="font-size:13px"
        )
        _inputs(session, levers(session.design, ("across",), ACROSS))


@solara.component
def Chains(session: Session) -> None:
    """Lead firms: how they govern, what they ask for."""
    chosen = _chosen(say("Lead firm"), session.design.scenario.chains)
    if not chosen:
        solara.Text(say("This world has no lead firms."), classes=["note"])
        return
    _inputs(session, levers(session.design, ("chains", chosen), CHAIN))


@solara.component
def Institutions(session: Session) -> None:
    """An institution's access, board, reach, knowledge, programmes and budget."""
    chosen = _chosen(say("Institution"), session.design.scenario.institutions)
    if not chosen:
        solara.Text(say("There is no institution; a design above puts one in."), classes=["note"])
        return
    table: Key = ("institutions", chosen)
    _inputs(session, levers(session.design, table, INSTITUTION))
    for name, keys in (("access", ACCESS), ("board", BOARD)):
        head = say("Access") if name == "access" else say("Board")
        solara.HTML(tag="b", unsafe_innerHTML=escape(head), style="font-size:13px;margin-top:8px")
        _inputs(session, levers(session.design, (*table, name), keys))
    solara.Button(
        say("Take it out"), on_click=lambda: session.take_out(table), text=True, small=True
    )


@solara.component
def Instruments(session: Session) -> None:
    """Public money spent otherwise than through an institution."""
    chosen = _chosen(say("Instrument"), session.design.scenario.instruments)
    if not chosen:
        solara.Text(say("There is no instrument; a design above puts one in."), classes=["note"])
        return
    _inputs(session, levers(session.design, ("instruments", chosen), INSTRUMENT))
    solara.Button(say("Take it out"), text=True, small=True,
                  on_click=lambda: session.take_out(("instruments", chosen)))  # fmt: skip


@solara.component
def RunLevers(session: Session) -> None:
    """Seed and horizon, the same for twins."""
    _inputs(session, levers(session.design, ("run",), RUN))


@solara.component
def Anything(session: Session) -> None:
    """Any key of a scenario file."""
    solara.Text(say("Any key of a scenario file, as the option --set takes it."), classes=["note"])
    box = rv.TextField(label=say("key = value"), v_model="", dense=True, class_="any-key",
                       placeholder="parameters.absorption.step = 5")  # fmt: skip
    rv.use_event(box, "change", lambda widget, event, text: text and session.write(str(text)))


@solara.component
def Saved(session: Session) -> None:
    """What is changed of the file, and the changed world as a file."""
    changes = [str(change) for change in session.design.changes]
    _listed(
        say("Differs from its file:") if changes else say("Nothing differs from the file."), changes
    )
    if session.twin:
        one, other = (design.scenario for design in session.designs.value)
        apart = [str(difference) for difference in differences(one, other)]
        _listed(say("B differs from A:") if apart else say("A and B are the same."), apart)
    name, set_name = solara.use_state("my_world")
    rv.TextField(
        label=say("Name"),
        v_model=name,
        on_v_model=set_name,
        dense=True,
        suffix=".toml",
        class_="save-name",
    )
    stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in name) or "my_world"
    solara.FileDownload(session.design.toml, filename=f"{stem}.toml", label=say("Save as a scenario file"),
                        mime_type="application/toml")  # fmt: skip
    command = f"<code>{DOOR} run {escape(stem)}.toml</code>"
    simulate = say("Simulate it with {command}.", command=command)
    link = say("Link to this view")
    link = f'<a class="link" href="?{session.address()}">{escape(link)}</a>'
    solara.HTML(tag="p", classes=["note"], unsafe_innerHTML=f"{simulate} {link}.")


def _listed(head: str, texts: Sequence[str]) -> None:
    lines = "".join(f"<li>{escape(text)}</li>" for text in texts)
    solara.HTML(tag="div", classes=["note"], unsafe_innerHTML=f"{escape(head)}<ul>{lines}</ul>")
