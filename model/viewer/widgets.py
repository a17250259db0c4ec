"""What changes with every frame: controls, the map, the firm that is read about, the charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara
from reacton import ipyvuetify as rv

from model.language import noted, say, say_name, signed_as_here
from model.theory.practices import DIMENSIONS
from model.viewer.canvas import COLOURS, GROWTH, MARKETS, WorldCanvas, moving, state
from model.viewer.chart_tabs import (
    ALL,
    DIFFERENCE,
    SOURCES,
    TABS,
    components,
    difference_charts,
    headline,
    numbers_csv,
    past,
    sources,
)
from model.viewer.charts import legend
from model.viewer.comparing import REPLICATES
from model.viewer.firm_html import firm_html
from model.viewer.learned import who_learned
from model.viewer.session import Session, stands
from model.viewer.snapshot import Snapshot
from model.wording import colours
from model.wording.numbers import counted, titled
from model.wording.titles import GOVERNED, title_of

_COLOURED = {
    "road": noted("road: high or low"),
    "process": noted("process upgrading"),
    "product": noted("product upgrading"),
    "functional": noted("functional upgrading"),
    "intersectoral": noted("intersectoral upgrading"),
    "chain": noted("governance of its chain"),
    "market": noted("where it sells"),
    "jobs": noted("jobs in a year"),
}
_LINES = {
    "local": noted("local ties"),
    "across": noted("ties across"),
    "forum": noted("ties made by institutions"),
    "contract": noted("contracts"),
    "member": noted("members"),
    "reach": noted("reach"),
}
_COLOUR = {
    **colours.TIES,
    "contract": colours.ORANGE,
    "member": colours.MEMBER,
    "reach": colours.INK,
}
_SPEEDS = {1: "1", 2: "2", 4: "4", 8: "8", 1000: noted("as drawn")}


@solara.component
def Controls(session: Session) -> None:
    """Step, play, to the end, reset, speed; which quarter it is."""
    frame, status = session.frame.value, session.status.value
    runner = session.runner
    speed, set_speed = solara.use_state(8)  # as the runner's pause at first
    ended = bool(frame and all(world.ended for world in frame.worlds))

    def faster(wanted: int) -> None:
        set_speed(wanted)
        runner.pause = 1.0 / wanted

    with solara.Div(classes=["hr-bar"]):
        if status.playing:
            solara.Button(
                say("Pause"), icon_name="mdi-pause", color="primary", on_click=runner.halt
            )
        else:
            solara.Button(say("Play"), icon_name="mdi-play", color="primary", disabled=not frame or ended,
                          on_click=runner.play)  # fmt: skip
        solara.Button(say("Step"), icon_name="mdi-skip-next", outlined=True, disabled=not frame or ended,
                      on_click=runner.step)  # fmt: skip
        if status.busy and frame:
            solara.Button(say("Stop"), icon_name="mdi-stop", outlined=True, on_click=runner.halt)
        else:
            solara.Button(say("To the end"), icon_name="mdi-fast-forward", outlined=True,
                          disabled=not frame or ended, on_click=runner.to_end)  # fmt: skip
        solara.Button(say("Reset"), icon_name="mdi-restart", outlined=True, disabled=not frame,
                      on_click=session.reset)  # fmt: skip
        rv.Select(
            label=say("Quarters a second"), v_model=speed, on_v_model=faster, dense=True, hide_details=True,
            items=[{"text": say_name(said), "value": n} for n, said in _SPEEDS.items()],
            style_="max-width:130px", class_="speed",
        )  # fmt: skip
        if frame:
            world = frame.worlds[0]
            solara.HTML(tag="span", classes=["quarter"], unsafe_innerHTML=_when(world))
            QuarterSlider(world.tick, world.scenario.run.ticks, runner.go_to)
        if status.busy:
            with solara.Row(gap="8px", style="align-items:center"):
                rv.ProgressCircular(
                    indeterminate=True, size=18, width=2, attributes={"aria-label": say("Working")}
                )  # fmt: skip
                solara.Text(status.busy, classes=["busy"])
    if status.trouble:
        solara.Error(status.trouble)


@solara.component
def QuarterSlider(tick: int, horizon: int, on_go: Callable[[int], None]) -> None:
    """The quarter that is shown; told where to go when the visitor lets go of it."""
    slider = rv.Slider(v_model=tick, min=0, max=horizon, dense=True, hide_details=True, class_="hr-time",
                       attributes={"aria-label": say("Go to a quarter")})  # fmt: skip
    rv.use_event(slider, "change", lambda widget, event, value: on_go(int(value)))


def _when(world: Snapshot) -> str:
    quarter = say("Quarter {n}", n=world.tick)
    rest = say(
        "of {quarters}; year {year}",
        quarters=world.scenario.run.ticks, year=signed_as_here(f"{world.tick / 4:g}"),
    )  # fmt: skip
    return f"{escape(quarter)} <small>{escape(rest)}</small>"


@solara.component
def Look(session: Session) -> None:
    """By what firms are coloured, which lines are drawn, and the legend."""
    show = session.show.value
    with solara.Div(classes=["hr-look"]):
        rv.Select(label=say("Firms coloured by"), v_model=session.colour.value, dense=True, hide_details=True,
                  items=[{"text": say_name(_COLOURED[c]), "value": c} for c in COLOURS],
                  style_="max-width:260px",
                  on_v_model=session.colour.set, class_="colour-by")  # fmt: skip
        for kind, name in _LINES.items():
            rv.Checkbox(label=say_name(name), v_model=show[kind], dense=True, hide_details=True,
                        color=_COLOUR[kind],
                        on_v_model=lambda on, kind=kind: session.show.set({**show, kind: on}))  # fmt: skip
    solara.HTML(tag="div", classes=["hr-legend"], unsafe_innerHTML=_legend(session))


def _legend(session: Session) -> str:
    by = session.colour.value
    if by == "road":
        entries = [
            (say("high road: invests in learning"), colours.HIGH_ROAD),
            (say("low road: squeezes wages and margins"), colours.LOW_ROAD),
        ]
    elif by == "market":
        entries = list(zip(map(say_name, MARKETS), colours.MARKET, strict=True))
    elif by == "jobs":
        entries = list(zip(map(say_name, GROWTH), colours.GROWTH, strict=True))
    elif by == "chain":
        entries = [
            (say_name(GOVERNED[name]), colour) for name, colour in colours.GOVERNANCE.items()
        ]
        entries.append((say("in no chain"), colours.NO_CHAIN))
    else:
        half = say("up to {score}", score=signed_as_here("0.5"))
        names = (
            say("score {score}", score=0),
            half,
            *map(signed_as_here, ("1", "1.5", "2", "2.5", "3")),
        )
        entries = list(zip(names, colours.SCALE, strict=True))
    shapes = [
        say("area of a dot: value added"),
        say("\N{BLACK SQUARE} lead firm, coloured by governance; double frame: sells abroad"),
        say("\N{BLACK DIAMOND} institution; small and grey: local association"),
        say("\N{WHITE CIRCLE} small and grey: a place without a firm"),
    ]
    if session.twin:
        shapes.append(say("\N{LARGE CIRCLE} ringed: its life differs from its twin's"))
    return legend(entries) + "".join(
        f"<span>{escape(shape, quote=False)}</span>" for shape in shapes
    )


@solara.component
def Map(session: Session, number: int) -> None:
    """The picture of one world; a click on a firm chooses it."""
    frame = session.frame.value
    assert frame is not None  # the page shows maps only when there is a frame
    world = frame.worlds[min(number, len(frame.worlds) - 1)]
    places, scene = solara.use_memo(lambda: stands(world), [world.scenario])
    by, show = session.colour.value, dict(session.show.value)
    moves = solara.use_memo(lambda: state(world, places, frame.parted, by), [frame.number, by])
    shown = solara.use_memo(
        lambda: moving(scene, world), [world.chains["governance"].tobytes(), id(scene)]
    )
    firms = int((world.firms["active"] == 1).sum())
    label = say(
        "Map, quarter {quarter}: {firms} in {places}, {lead_firms}",
        quarter=world.tick,
        firms=counted(firms, "firm"),
        places=counted(len(world.names.communities), "place"),
        lead_firms=counted(len(world.names.chains), "lead firm"),
    )
    WorldCanvas.element(
        scene=shown,
        places=places.firms.astype("<f4").tobytes(),
        show=show,
        look=f"{by} {sorted(kind for kind, on in show.items() if on)}",
        chosen=frame.chosen,
        label=label,
        number=frame.number,
        on_ack=lambda drawn: session.acknowledge(number, drawn),
        on_picked=lambda picked: session.runner.look_at(picked[0]),
        **moves,
    )


@solara.component
def Firm(session: Session) -> None:
    """The firm that is read about, in each world."""
    frame = session.frame.value
    if frame is None:
        return
    if not frame.cards:
        _Ask(session)
        return
    with rv.Html(
        tag="section", class_="hr-pane hr-firm",
        attributes={"aria-label": say("The life of a firm"), "tabindex": "0"},
    ):  # fmt: skip
        with solara.Row(style="justify-content:flex-end;height:0"):
            solara.Button(icon_name="mdi-close", icon=True, small=True,
                          attributes={"aria-label": say("Close")},
                          on_click=lambda: session.runner.look_at(-1))  # fmt: skip
        parted = int(frame.parted[frame.chosen])
        lives = [
            firm_html(card, world.scenario, "AB"[n] if len(frame.cards) > 1 else "", parted)
            for n, (card, world) in enumerate(zip(frame.cards, frame.worlds, strict=True))
        ]
        solara.HTML(tag="div", classes=["hr-card", "hr-lives"], unsafe_innerHTML="".join(lives))


@solara.component
def _Ask(session: Session) -> None:
    """For those who know a firm by its number, or can't click."""
    with solara.Row(style="align-items:center;flex-wrap:wrap", gap="12px"):
        told = say(
            "Click on a firm to read what it learnt, from whom, and what it could learn now, or"
        )
        solara.Text(told, style="font-size:13px;color:#555")  # fmt: skip
        box = rv.TextField(v_model="", label=say("number of a firm"), type="number", dense=True,
                           hide_details=True,
                           style_="max-width:190px", class_="firm-number")  # fmt: skip
        rv.use_event(box, "change", lambda widget, event, text: _look_at(session, str(text)))


def _look_at(session: Session, text: str) -> None:
    if text.isdecimal():
        session.runner.look_at(int(text))


@solara.component
def Charts(session: Session) -> None:
    """Time series under tabs, of all communities or one."""
    frame = session.frame.value
    assert frame is not None  # as for maps
    chosen, choose = solara.use_state("")
    twin = len(frame.worlds) == 2
    tabs = (DIFFERENCE, *TABS) if twin else TABS
    tab = next((t for t in tabs if t.title == chosen), tabs[0])
    at = tabs.index(tab)
    with rv.Tabs(
        v_model=at, on_v_model=lambda n: choose(tabs[n].title), show_arrows=True, height=36
    ):
        for each in tabs:
            rv.Tab(children=[say_name(each.title)], class_="hr-tab")
    communities = frame.worlds[0].scenario.communities
    if len(communities) > 1:
        items = [{"text": say("All communities"), "value": ALL}]
        items += [{"text": title_of(communities, key), "value": key} for key in communities]
        rv.Select(label=say("Charts of"), v_model=session.community.value, items=items,
                  on_v_model=session.community.set, dense=True, hide_details=True,
                  style_="max-width:220px", class_="of")  # fmt: skip
    solara.HTML(tag="p", classes=["why"], unsafe_innerHTML=escape(say_name(tab.why)))
    drawn = _drawn(tab.title, frame.worlds, session.community.value)
    solara.HTML(tag="div", classes=["hr-charts"], unsafe_innerHTML="".join(drawn))
    solara.FileDownload(lambda: numbers_csv(frame.worlds), filename="highroad_numbers.csv",
                        label=say("Save all numbers as CSV"), mime_type="text/csv")  # fmt: skip


def _drawn(title: str, worlds: Sequence[Snapshot], community: str) -> list[str]:
    pasts = [past(world, community) for world in worlds]
    if title == DIFFERENCE.title:
        return difference_charts(pasts[0], pasts[1])
    tab = next(t for t in TABS if t.title == title)
    charts = [chart.draw(pasts) for chart in tab.charts]
    if tab is SOURCES:
        kinds = [
            (say_name(titled(name)), colours.DIMENSION[d]) for d, name in enumerate(DIMENSIONS)
        ]
        charts += [sources(worlds, community), f'<div class="hr-legend">{legend(kinds)}</div>']
        charts.append(who_learned(worlds, community))
    if title == "Cluster":
        charts.append(components(pasts))
    return charts


@solara.component
def Headline(session: Session) -> None:
    """In the twin view: the difference in one line."""
    frame = session.frame.value
    if frame is not None and len(frame.worlds) == 2:
        text = escape(headline(frame.worlds[0], frame.worlds[1], frame.parted))
        solara.HTML(tag="div", classes=["hr-headline"], unsafe_innerHTML=text)


@solara.component
def Comparison(session: Session) -> None:
    """In the twin view: both designs run many times over, and the way to the report."""
    news = session.compared.value
    if not (session.twin or news.running):
        return
    with solara.Div(classes=["hr-bar", "hr-compared"]):
        if news.running:
            share = 100 * news.done / max(1, news.total)
            rv.ProgressCircular(
                value=share, indeterminate=not news.done, size=22, width=3,
                attributes={"aria-label": say("Comparing")},
            )  # fmt: skip
            if 0 < news.total <= news.done:
                how = noted("{done} of {total} runs done; drawing the report")
            else:
                how = noted("{done} of {total} runs done")
            solara.Text(say(how, done=news.done, total=news.total), classes=["busy"])
            solara.Button(say("Cancel"), outlined=True, small=True, on_click=session.job.cancel)
            return
        solara.Button(
            say("Compare these with {n} replicates", n=REPLICATES), icon_name="mdi-scale-balance",
            outlined=True, small=True, on_click=lambda: session.job.start(session.designs.value),
        )  # fmt: skip
        if news.trouble:
            solara.HTML(
                tag="span", unsafe_innerHTML=escape(news.trouble), attributes={"role": "alert"}
            )
        if news.report:
            read, save = say("read the report"), say("save report, tables and files")
            read = f'<a href="{news.report}" target="_blank">{escape(read)}</a>'
            save = f'<a href="{news.files}" download>{escape(save)}</a>'
            said = say(
                "{title}: {read}, or {save}. They are kept until the server ends.",
                title=escape(news.title), read=read, save=save,
            )  # fmt: skip
            solara.HTML(tag="span", unsafe_innerHTML=said, attributes={"role": "status"})


def about(session: Session) -> str:
    """What world this is, as its file says."""
    frame = session.frame.value
    if frame is None:
        return ""
    scenario = frame.worlds[0].scenario
    design: Any = session.designs.value
    changed = ""
    if not session.twin:
        told = say("Design: {title}.", title=design[0].title)
        changed = f" {escape(told)}"
    return f"<b>{escape(scenario.title)}</b>{escape(scenario.description)}{changed}"
