"""The page that Solara serves."""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path

import solara

from model.viewer.session import Session
from model.viewer.sidebar import Side
from model.viewer.view_request import requested_view
from model.viewer.widgets import Charts, Controls, Firm, Headline, Look, Map, about

_LOG = logging.getLogger(__name__)
_STYLE = Path(__file__).with_name("page.css")


@solara.component
def Page() -> None:
    """Whatever goes wrong inside is told in plain words; the terminal gets the rest."""
    error, forget = solara.use_exception()
    if error is not None:
        _LOG.error("the viewer could not draw its page", exc_info=error)
        with solara.Column(style="padding:20px"):
            solara.Error("Something went wrong while drawing; the terminal says what.")
            solara.Button("Try again", on_click=forget)
        return
    View()


@solara.component
def View() -> None:
    """Levers on the left; the map, the charts and what is said of them."""
    query = solara.use_router().search
    session = solara.use_memo(lambda: Session(lambda: requested_view(query)), [])
    solara.use_effect(lambda: session.close, [])
    with solara.Div(classes=["hr-page"]):
        solara.Style(_STYLE)
        solara.Title("Highroad")
        with solara.AppBar():
            solara.AppBarTitle("Highroad: how small firms learn and upgrade")
        with solara.Sidebar():
            Side(session)
        if session.fault.value:
            said = escape(session.fault.value)
            solara.HTML(tag="div", classes=["hr-fault", "error"], unsafe_innerHTML=said)
        Controls(session)
        if session.frame.value is not None:
            _panes(session)


def _panes(session: Session) -> None:
    twin = session.frame.value is not None and len(session.frame.value.worlds) == 2
    solara.HTML(tag="div", classes=["hr-about"], unsafe_innerHTML=about(session))
    Headline(session)
    with solara.Div(classes=["hr-panes", "twin"] if twin else ["hr-panes"]):
        with solara.Div(classes=["hr-left"]):
            with solara.Div(classes=["hr-maps"]):
                for number in range(2 if twin else 1):
                    with solara.Div(classes=["hr-pane"]):
                        if twin and number < len(session.designs.value):
                            title = f"{'AB'[number]}: {session.designs.value[number].title}"
                            solara.HTML(tag="h3", unsafe_innerHTML=escape(title))
                        Map(session, number)
            Look(session)
            Firm(session)
        with solara.Div(classes=["hr-pane"]):
            Charts(session)
