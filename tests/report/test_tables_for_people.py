"""Workbook and CSV for people: typed, with units, as their country writes them, and never a formula."""

import csv
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import run
from model.experiments.gains import SHOWN
from model.measures import BY_NAME
from model.report.tables_for_people import COLUMNS
from model.report.tables_for_people import HEADS as HEAD_NAMES
from model.report.webpage.report_file import tables
from model.scenario.faults import InputError
from tests.experiments.small import EXPERIMENT, write_world
from tests.report.english_left import english_among
from tests.report.test_pages import made

ALIKE = ("p", "factor")
"""Heads that are the same in every language."""
OWN = ("none", "club", "rich", "product", "gini", "effects", "gains", "ranking", *SHOWN)
"""Names of the file and of tables, which stay."""
EVIL = '=HYPERLINK("http://x")'
USD = {"money": {"currency": "USD", "per_unit": 3000.0, "year": 2005}}


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_world(folder, USD)
    return made(folder, "compare", EXPERIMENT.replace("A club", EVIL.replace('"', "'")))


def test_a_workbook_has_a_sheet_a_table_with_numbers_as_numbers(compared):
    (file,) = tables(compared, workbook=True, csv=False)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["effects", "gains", "ranking", "columns"]
    effects = pd.read_csv(compared / "effects.csv")
    head, *rows = book["effects"].iter_rows()
    assert [cell.value for cell in head] == list(effects.columns)
    assert len(rows) == len(effects)
    of = {cell.value: place for place, cell in enumerate(head)}
    for row, told in zip(rows, effects.to_dict("records"), strict=True):
        assert row[of["effect"]].value == pytest.approx(told["effect"])
        assert row[of["effect"]].data_type == row[of["replicates"]].data_type == "n"
        assert row[of["arm_title"]].data_type == "s"
        if pd.isna(told["matters"]):
            assert row[of["matters"]].value is None


def test_every_column_has_a_meaning_and_numbers_have_a_unit_or_are_counts(compared):
    (file,) = tables(compared, workbook=True, csv=False)
    head, *rows = openpyxl.load_workbook(file)["columns"].iter_rows(values_only=True)
    assert head == ("table", "column", "unit", "meaning")
    assert all(meaning for *_, meaning in rows)
    told = {(table, column): unit for table, column, unit, _ in rows}
    assert told["effects", "public_cost"] == "units of account"
    assert told["effects", "effect"] == "as the column unit says"


def test_a_portuguese_spreadsheet_opens_the_csv(compared):
    (below,) = tables(compared, workbook=False, csv=True, language="pt")
    raw = (below / "effects.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (below / "effects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    effects = pd.read_csv(compared / "effects.csv")
    assert [float(r["efeito"].replace(",", ".")) for r in rows] == pytest.approx(
        effects["effect"].tolist()
    )
    assert all("." not in row["efeito"] for row in rows)
    titles = {row["alternativa em palavras"] for row in rows if row["alternativa"] == "club"}
    assert titles == {"'" + EVIL.replace('"', "'")}
    assert (below / "colunas.csv").exists()


def test_an_english_csv_has_commas_and_points(compared):
    (below,) = tables(compared, workbook=False, csv=True)
    text = (below / "ranking.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == (compared / "ranking.csv").read_text().splitlines()[0]


HEADS = {
    "es": ("tabla", "columna", "unidad", "significado", "nombre en los archivos CSV"),
    "pt": ("tabela", "coluna", "unidade", "significado", "nome nos arquivos CSV"),
}


def sheets(file: Path) -> dict[str, list[tuple]]:
    """Rows of each sheet, heads first."""
    book = openpyxl.load_workbook(file)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


@pytest.mark.parametrize("language", HEADS)
def test_a_workbook_speaks_the_language(compared, language):
    english = sheets(tables(compared, workbook=True, csv=False)[0])
    other = sheets(tables(compared, workbook=True, csv=False, language=language)[0])
    about = other.pop({"es": "columnas", "pt": "colunas"}[language])
    assert about[0] == HEADS[language]
    assert [row[4] for row in about[1:]] == [row[1] for row in english.pop("columns")[1:]]
    assert [row[1] for row in about[1:]] == [head for rows in other.values() for head in rows[0]]
    for name, rows in other.items():
        assert all(
            one != two
            for one, two in zip(rows[0], english[name][0], strict=True)
            if one not in ALIKE
        )
        assert len(set(rows[0])) == len(rows[0])
        for row, same in zip(rows[1:], english[name][1:], strict=True):  # no number moves
            assert [c for c in row if isinstance(c, float)] == [
                c for c in same if isinstance(c, float)
            ]
    texts = [cell for rows in (about, *other.values()) for row in rows for cell in row]
    told = [text for text in texts if isinstance(text, str) and text not in OWN]
    assert english_among([text for text in told if text not in COLUMNS], language) == []


def test_titles_that_the_program_makes_are_said_and_words_of_the_program_too(compared):
    effects, gains = (
        sheets(tables(compared, workbook=True, csv=False, language="es")[0])[name]
        for name in ("effects", "gains")
    )
    cell = dict(zip(effects[0], effects[1], strict=True))
    assert cell["resultado"] == "product"
    assert cell["resultado en palabras"] == "producto"
    assert (cell["unidad"], cell["mejor"]) == ("puntaje 0-3", "más alto")
    of_gains = dict(zip(gains[0], gains[1], strict=True))
    assert cell["moneda"] == "USD de 2005"
    assert of_gains["tercio"] == "Tercio inferior"
    assert of_gains["qué, en palabras"] == "En actividad"


def test_every_column_that_has_a_meaning_has_a_head():
    assert set(HEAD_NAMES) == set(COLUMNS)


def test_the_command_writes_them(compared, capsys):
    command = ["report", str(compared), "--xlsx", "--csv", "--lang", "es", "--json"]
    assert run.door(command) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [Path(path).name for path in facts["tables"]] == ["tables.xlsx", "tables"]
    assert (compared / "tables" / "columnas.csv").exists()


def test_a_folder_without_results_is_told_so(tmp_path):
    with pytest.raises(InputError, match="holds no manifest"):
        tables(tmp_path, workbook=True, csv=True)


def test_no_measure_has_the_name_of_another_column():
    assert BY_NAME.keys() & COLUMNS.keys() == {"public_cost"}
