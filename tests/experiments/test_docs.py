"""The files that docs/experiments.md shows are valid."""

import re
from pathlib import Path

import pytest

from model.experiments.question_files import check_file
from run import ROOT

TEXT = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_a_file_that_is_shown_is_valid(tmp_path: Path, text: str):
    path = tmp_path / "shown.toml"
    from_anywhere = text.replace('"../scenarios/', '"../').replace('"../', f'"{ROOT}/scenarios/')
    path.write_text(from_anywhere, encoding="utf-8")
    assert check_file(path).kind == ("sweep" if "[vary" in text else "experiment")


def test_some_are_shown():
    assert len(FILES) == 5
