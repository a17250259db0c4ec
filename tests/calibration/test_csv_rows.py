"""Faults of a user's own table: each told once, with line, column, value and what is allowed."""

import csv
import re
from pathlib import Path

import pytest

from calibration.evidence.case_tables import DATA, Case, load_cases
from calibration.evidence.csv_rows import read_table
from model.scenario.faults import InputError


@pytest.fixture
def table() -> list[list[str]]:
    """The shipped case table as cells, header first: a valid table to spoil."""
    with (DATA / "cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def faults(path: Path, **options) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_cases(path, **options)
    return str(caught.value).splitlines()


def test_a_copy_of_the_table_loads_as_the_table(tmp_path, table):
    assert load_cases(write(tmp_path / "own.csv", table)) == load_cases()


def test_a_table_saved_by_a_spreadsheet_loads_as_the_table(tmp_path):
    """Byte order mark, CRLF and trailing empty lines are what spreadsheets add."""
    text = (DATA / "cases.csv").read_text(encoding="utf-8").replace("\n", "\r\n") + ",,,\r\n\r\n"
    path = tmp_path / "own.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    assert load_cases(path) == load_cases()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("product", "2.3", "a number from 0 to 3 in steps of 0.5, or empty"),
        ("product", "3.5", "a number from 0 to 3 in steps of 0.5, or empty"),
        ("product", "-1", "a number from 0 to 3 in steps of 0.5, or empty"),
        ("product", "much", "a number from 0 to 3 in steps of 0.5, or empty"),
        ("market", "4", "a whole number from 0 to 3, or empty"),
        ("market", "1.5", "a whole number from 0 to 3, or empty"),
        ("ce_degree", "Medium", "low, medium or high, or empty"),
        ("case", "Sinos Valley", "lower-case letters, digits and underscores"),
    ],
)
def test_a_cell_out_of_range_is_told_with_what_is_allowed(tmp_path, table, column, value, told):
    table[3][table[0].index(column)] = value
    path = write(tmp_path / "own.csv", table)
    assert faults(path) == [f"{path}: line 4, column {column} = {value}: must be {told}"]


def test_an_empty_cell_that_must_be_filled_is_told(tmp_path, table):
    table[1][table[0].index("country")] = " "
    path = write(tmp_path / "own.csv", table)
    assert faults(path) == [f"{path}: line 2, column country = empty: must be text"]


def test_every_fault_is_told_and_each_once(tmp_path, table):
    head = table[0]
    table[1][head.index("process")] = "high"
    table[1][head.index("network")] = "7"
    table[5][head.index("functional")] = "9"
    lines = faults(write(tmp_path / "own.csv", table))
    assert len(lines) == 3
    for line, said in zip(
        lines,
        [
            "line 2, column network = 7",
            "line 2, column process = high",
            "line 6, column functional",
        ],
        strict=True,
    ):
        assert said in line


def test_an_unknown_sector_group_is_told_with_the_nearest(tmp_path, table):
    table[1][1] = "tradtional"
    (line,) = faults(write(tmp_path / "own.csv", table))
    assert "line 2, column sector_group = tradtional: must be " in line
    assert line.endswith("did you mean traditional?")


def test_own_sector_groups_can_be_allowed(tmp_path, table):
    table[1][1] = "services"
    path = write(tmp_path / "own.csv", table[:2])
    assert "column sector_group = services" in faults(path)[0]
    assert load_cases(path, sectors=["services"])[0].sector_group == "services"


def test_an_unknown_column_is_told_with_the_nearest_and_not_again_as_missing(tmp_path, table):
    table[0][table[0].index("functional")] = "functionl"
    path = write(tmp_path / "own.csv", table)
    assert faults(path) == [
        f"{path}: line 1, column 'functionl': no such column; did you mean functional?"
    ]


def test_a_missing_and_a_doubled_column_are_told(tmp_path, table):
    table[0][table[0].index("network")] = "market"
    missing, doubled = sorted(faults(write(tmp_path / "own.csv", table)), reverse=True)
    assert "column network: is missing; its cells must be a whole number from 0 to 3" in missing
    assert "column market: must stand once" in doubled


def test_the_sum_may_be_left_out(tmp_path, table):
    sums = table[0].index("upgrading_sum")
    short = [row[:sums] + row[sums + 1 :] for row in table]
    cases = load_cases(write(tmp_path / "own.csv", short))
    assert {case.upgrading_sum for case in cases} == {None}
    assert [c.model_copy(update={"upgrading_sum": None}) for c in load_cases()] == list(cases)


def test_a_sum_that_does_not_add_up_is_told(tmp_path, table):
    table[1][table[0].index("process")] = "3"
    (line,) = faults(write(tmp_path / "own.csv", table))
    assert "line 2, column upgrading_sum = 6: must be 7, what the four scores add up to" in line


def test_half_given_governance_is_told_by_column(tmp_path, table):
    table[1][table[0].index("hierarchy")] = ""
    (line,) = faults(write(tmp_path / "own.csv", table))
    assert "line 2, column hierarchy = empty: must be filled" in line
    assert "leave all four empty" in line


def test_a_repeated_case_is_told_with_both_lines(tmp_path, table):
    path = write(tmp_path / "own.csv", [*table, table[2]])
    where = f"{path}: line 42, column case = {table[2][0]}"
    assert faults(path) == [f"{where}: must stand once; it stands already on line 3"]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path, table):
    """Blank lines and a cell with a line break come before the fault."""
    table[1][3] = "two\nlines"
    table[2][table[0].index("product")] = "5"
    (line,) = faults(write(tmp_path / "own.csv", [*table[:2], [], *table[2:]]))
    assert "line 5, column product = 5" in line


def test_a_row_with_too_few_cells_is_told(tmp_path, table):
    table[1].pop()
    (line,) = faults(write(tmp_path / "own.csv", table))
    assert "line 2: has 14 cells, must have 15" in line


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path, table):
    write(tmp_path / "cases.csv", table)
    path = tmp_path / "casses.csv"
    assert faults(path) == [f"{path}: no such file; did you mean cases.csv?"]


def test_a_folder_is_told(tmp_path):
    (line,) = faults(tmp_path)
    assert line.startswith(f"{tmp_path}: can't be read (")


def test_a_table_that_ships_is_utf8_or_told_with_line_and_byte(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes((DATA / "cases.csv").read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(InputError) as caught:
        read_table(path, Case)
    assert str(caught.value) == f"{path}: line 2: is not UTF-8 (byte 0xed); save it as UTF-8 CSV"


def test_a_table_that_ships_has_commas(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("case;sector_group;industry\n", encoding="utf-8")
    with pytest.raises(InputError, match="must be separated by commas, not semicolons"):
        read_table(path, Case)


def test_what_is_no_text_is_told(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(b"case,\0\0\x81")
    (line,) = faults(path)
    assert line == f"{path}: is no text in UTF-8, UTF-16 or Windows-1252; save it as UTF-8 CSV"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_of_ones_own_may_come_as_spreadsheets_write_it(tmp_path, table, encoding, mark):
    """Half points with a comma where commas don't separate."""
    if mark != ",":
        table = [[re.sub(r"^(\d)\.(\d)$", r"\1,\2", cell) for cell in row] for row in table]
    path = tmp_path / "own.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(table)
    assert load_cases(path) == load_cases()


@pytest.mark.parametrize("missing", ["NA", "n/a", "NaN", " - ", "?", "null", "Not given", "#N/A"])
def test_marks_for_missing_cells_are_empty_cells(tmp_path, table, missing):
    row = next(row for row in table if row[0] == "bucaramanga_apparel")
    row[table[0].index("functional")] = missing
    assert load_cases(write(tmp_path / "own.csv", table)) == load_cases()


def test_a_mark_for_missing_is_none_where_a_cell_must_be_filled(tmp_path, table):
    table[1][table[0].index("country")] = "NA"
    assert load_cases(write(tmp_path / "own.csv", table))[0].country == "NA"


def test_columns_about_something_else_are_left_aside(tmp_path, table):
    for row, more in zip(table, ["interviewer", *["x; y"] * 40], strict=True):
        row.insert(2, more)
    assert load_cases(write(tmp_path / "own.csv", table)) == load_cases()


def test_a_stray_quote_is_told(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text((DATA / "cases.csv").read_text(encoding="utf-8") + '"open', encoding="utf-8")
    (line,) = faults(path)
    assert "line 42: is not CSV" in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty; its first line must be case,sector_group,"),
    ],
)
def test_a_file_without_a_table_is_told(tmp_path, text, told):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    (line,) = faults(path)
    assert told in line


def test_a_table_without_rows_is_told(tmp_path, table):
    (line,) = faults(write(tmp_path / "own.csv", table[:1]))
    assert "must have at least one row" in line
