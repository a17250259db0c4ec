"""The notes beside the data describe the columns that the loader checks."""

import pytest

from calibration.evidence import case_tables, dossiers
from calibration.evidence.csv_rows import CsvRow, document_columns

MODELS = [
    *(model for model in CsvRow.__subclasses__() if model.__module__ == case_tables.__name__),
    *dossiers.EvidenceRow.__subclasses__(),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_columns_in_the_notes_are_those_of_the_row_model(model):
    notes = (case_tables.DATA / "README.md").read_text(encoding="utf-8")
    block = f"<!-- columns of {model.__name__} -->\n\n{document_columns(model)}\n"
    assert block in notes, f"write this into calibration/data/README.md:\n\n{block}"


def test_every_table_has_its_section_in_the_notes():
    notes = (case_tables.DATA / "README.md").read_text(encoding="utf-8")
    tables = sorted(path.name for path in case_tables.DATA.glob("*.csv"))
    assert len(tables) == len(MODELS)
    assert all(f"\n### {table}\n" in notes for table in tables)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_numbers_have_a_unit_and_every_column_a_source(model):
    for name, prop in model.model_json_schema()["properties"].items():
        number = any(
            kind.get("type") in ("number", "integer") for kind in prop.get("anyOf", [prop])
        )
        assert prop["source"], name
        assert bool(prop["unit"]) is number, name
