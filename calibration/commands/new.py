"""What the command ``new`` does: answers from a sheet, from data or asked; two files of one's own."""

from __future__ import annotations

from pathlib import Path

from calibration.survey.own_experiment import experiment_text
from calibration.survey.own_scenario import left_at_default, own_world, scenario_text
from calibration.survey.survey_answers import Answers, read_sheet
from model.experiments.experiment import load_experiment
from model.scenario.faults import Fault, InputError, show_path

SCENARIO, EXPERIMENT = "scenario.toml", "experiment.toml"


def answers_from(sheet: Path, mapping: Path | None) -> Answers:
    """Answers of a filled sheet, or of a table of firms by a mapping file."""
    if mapping:
        from calibration.survey.microdata import read_microdata

        return read_microdata(sheet, mapping)
    if sheet.suffix.lower() == ".dta":
        hint = "give --mapping FILE, which says what its columns answer"
        raise InputError(Fault(show_path(sheet), "", "", "is a table of firms", hint))
    return read_sheet(sheet)


def write_own(answers: Answers, folder: Path) -> tuple[Path, Path, list[str]]:
    """Write scenario and experiment; their files, and what to tell. Nothing that is there is lost.

    InputError where a file is there already or can't be written, or the answers make no valid world.
    """
    world = own_world(answers, folder)
    texts = {
        folder / SCENARIO: scenario_text(world, answers),
        folder / EXPERIMENT: experiment_text(world, answers, folder, SCENARIO),
    }
    for file in texts:
        if file.exists():
            hint = "give another folder with --out"
            raise InputError(Fault(show_path(file), "", "", "is there already", hint))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        why = f"can't be written ({error.strerror})"
        raise InputError(Fault(show_path(folder), "", "", why)) from None
    load_experiment(folder / EXPERIMENT)
    default = ", ".join(left_at_default(world))
    told = [f"Stayed at the default: {default}."] if default else []
    return folder / SCENARIO, folder / EXPERIMENT, [*told, *answers.withheld]
