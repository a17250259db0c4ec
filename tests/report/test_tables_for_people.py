"""Workbook and CSV for people: typed, with units, as their country writes them, and never a formula."""

import csv
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import run
from model.measures import BY_NAME
from model.report.tables_for_people import COLUMNS
from model.report.webpage.report_file import tables
from model.scenario.faults import InputError
from tests.experiments.small import EXPERIMENT, write_world
from tests.report.test_pages import made

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
    assert [float(r["effect"].replace(",", ".")) for r in rows] == pytest.approx(
        effects["effect"].tolist()
    )
    assert all("." not in row["effect"] for row in rows)
    assert {row["arm_title"] for row in rows if row["arm"] == "club"} == {
        "'" + EVIL.replace('"', "'")
    }
    assert (below / "colunas.csv").exists()


def test_an_english_csv_has_commas_and_points(compared):
    (below,) = tables(compared, workbook=False, csv=True)
    text = (below / "ranking.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == (compared / "ranking.csv").read_text().splitlines()[0]


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
