"""Text from files is shown letter by letter: nobody's title is taken as markup.

Scenario files are written by anybody, and each place where their titles are shown has signs of its
own: ``[bold]`` styles a terminal (rich), ``:sob:`` becomes a picture there, ``$x$`` sets mathematics in
a figure (matplotlib), ``<b>`` is HTML. Reading such signs is switched off here rather than escaped at
every title; styled text is made of ``Text`` parts. Pages are escaped by their template.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

FIGURE_SETTINGS = {"text.parse_math": False}
"""Settings of matplotlib under which a dollar is a dollar."""

_WIDTH = 120  # wide enough for tables where the output is no terminal


def plain_console(quiet: bool = False, stderr: bool = False) -> Console:
    """A console of rich that takes brackets and colons as they are written."""
    from rich.console import Console

    given: dict[str, Any] = {} if sys.stdout.isatty() or stderr else {"width": _WIDTH}
    return Console(
        quiet=quiet, stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False, **given
    )  # fmt: skip


def over_dim(text: str, below: str, bold: bool = False) -> Text:
    """A cell of a table: a text, and in faint letters what belongs to it on the line below."""
    from rich.text import Text

    return Text.assemble((text, "bold" if bold else ""), "\n", (below, "dim"))
