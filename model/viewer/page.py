"""The page that Solara serves."""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from typing import cast

import solara
from reacton import ipyvuetify as rv

from model.language import ENGLISH, say, spoken
from model.viewer.atlas import Atlas
from model.viewer.session import Session
from model.viewer.sidebar import Side
from model.viewer.tour import Tour
from model.viewer.view_request import requested_view
from model.viewer.widgets import Charts, Comparison, Controls, Firm, Headline, Look, Map, about

_LOG = logging.getLogger(__name__)
_STYLE = Path(__file__).with_name("page.css")
_NARROW = 1100  # pixels below which the drawer is closed at first and lies over the page


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """The whole window: the bar and the drawer are the page's own."""
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """Whatever goes wrong inside is told in plain words; the terminal gets the rest."""
    error, forget = solara.use_exception()
    if error is not None:
        _LOG.error("the viewer could not draw its page", exc_info=error)
        with solara.Column(style="padding:20px"):
            solara.Error(say("Something went wrong while drawing; the terminal says what."))
            solara.Button(say("Try again"), on_click=forget)
        return
    View()


@solara.component
def View() -> None:
    """Levers on the left; the map, the charts and what is said of them."""
    query = solara.use_router().search
    session = solara.use_memo(lambda: Session(lambda: requested_view(query)), [])
    solara.use_effect(lambda: session.close, [])
    # Undecided at first, so that the drawer opens by itself where there is room
    drawer, set_drawer = solara.use_state(cast(bool | None, None))
    atlas, set_atlas = solara.use_state(False)
    toured, set_toured = solara.use_state(bool(query))  # a link leads to a view, not to the tour
    with solara.Div():
        solara.Style(_STYLE)
        solara.Title("Highroad")
        with rv.AppBar(app=True, clipped_left=True, dense=True, dark=True, color="primary"):
            solara.Button(say("Levers"), icon_name="mdi-tune", text=True,
                          on_click=lambda: set_drawer(not drawer),
                          attributes={"aria-expanded": "true" if drawer else "false"})  # fmt: skip
            subtitle = escape(say("how small firms learn and upgrade"))
            solara.HTML(
                tag="h1",
                classes=["hr-title"],
                unsafe_innerHTML=f"Highroad<span>: {subtitle}</span>",
            )
            rv.Spacer()
            solara.Button(say("Clusters"), icon_name="mdi-map-marker-multiple", text=True,
                          on_click=lambda: set_atlas(not atlas),
                          attributes={"aria-expanded": "true" if atlas else "false"})  # fmt: skip
            solara.Button(say("Tour"), icon_name="mdi-compass-outline", text=True,
                          on_click=lambda: set_toured(False))  # fmt: skip
        with rv.NavigationDrawer(
            app=True, clipped=True, width=320, v_model=drawer, on_v_model=set_drawer,
            mobile_break_point=str(_NARROW), disable_route_watcher=True,
            attributes={"aria-label": say("Levers")},
        ):  # fmt: skip
            Side(session)
        with rv.Content(), solara.Div(classes=["hr-page"]):
            # what comes and goes has a place of its own, or all below would be made anew
            Refusal(session)
            Atlas(session.scenario.value, atlas, on_close=lambda: set_atlas(False))
            Controls(session)
            if session.frame.value is not None:
                _panes(session)
        if not toured:
            Tour(on_close=lambda: set_toured(True))


@solara.component
def Refusal(session: Session) -> None:
    """What is wrong with what was last asked for."""
    with solara.Div():
        if session.fault.value:
            said = escape(session.fault.value)
            if spoken() != ENGLISH:  # the details are those of the command line
                head = escape(say("What was asked for can not be shown."))
                said = f"<b>{head}</b> {said}"
            solara.HTML(
                tag="div", classes=["hr-fault", "error"], unsafe_innerHTML=said,
                attributes={"role": "alert"},
            )  # fmt: skip


def _panes(session: Session) -> None:
    twin = session.frame.value is not None and len(session.frame.value.worlds) == 2
    solara.HTML(tag="div", classes=["hr-about"], unsafe_innerHTML=about(session))
    Headline(session)
    Comparison(session)
    with solara.Div(classes=["hr-panes", "twin"] if twin else ["hr-panes"]):
        with solara.Div(classes=["hr-left"]):
            with solara.Div(classes=["hr-maps"]):
                for number in range(2 if twin else 1):
                    with solara.Div(classes=["hr-pane"]):
                        if twin and number < len(session.designs.value):
                            title = f"{'AB'[number]}: {session.designs.value[number].title}"
                            solara.HTML(tag="h2", unsafe_innerHTML=escape(title))
                        Map(session, number)
            Look(session)
        with solara.Div(classes=["hr-right"]):
            Firm(session)
            with solara.Div(classes=["hr-pane"]):
                Charts(session)
