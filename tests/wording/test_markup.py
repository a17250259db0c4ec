"""Whatever a file calls a thing is shown letter by letter, on a console and in a figure."""

import pytest

from model.report.style import in_style, page
from model.wording.markup import over_dim, plain_console

TITLES = ("[bold]wine[/bold]", "[/]", "[red", "a \\[b]", ":smile:", "5$ to 10$", "$x^$", "\\")


@pytest.mark.parametrize("title", TITLES)
def test_a_console_shows_brackets_and_colons(title: str):
    from rich.table import Table

    console = plain_console()
    table = Table(title=title, caption=title)
    table.add_column(title)
    table.add_row(title)
    table.add_row(over_dim(title, title, bold=True))
    with console.capture() as seen:
        console.print(title)
        console.print(table)
    assert seen.get().count(title) == 7  # printed, title, caption, head, row, cell and below


@in_style()
def written(title: str) -> str:
    from io import StringIO

    figure = page(5.0, 1.0, title, title, title)
    axes = figure.subplots()
    axes.set_title(title)
    axes.set_xlabel(title)
    axes.set_yticks([0.5], [title])
    out = StringIO()
    figure.savefig(out, format="svg")
    return out.getvalue()


@pytest.mark.parametrize("title", ["5$ to 10$", "$x^$", "$\\alpha$", "a_b^c"])
def test_a_figure_shows_dollars(title: str):
    assert (
        written(title).count(f">{title}<") == 6
    )  # of them three as axes say it, three of the page


def test_numbers_of_a_logarithmic_axis_are_written_out():
    import numpy as np

    from model.report.style import log_scale

    @in_style()
    def labels() -> list[str]:
        from matplotlib.figure import Figure

        axes = Figure().subplots()
        axes.plot(np.array([1.0, 1000.0]), np.array([0.0, 1.0]))
        log_scale(axes)
        axes.figure.canvas.draw()
        return [text.get_text() for text in axes.get_xticklabels()]

    assert {"1", "10", "100", "1000"} <= set(labels())
