"""Settings for the whole suite.

Property tests are random on a desk, where a new example is a find, and fixed under `CI=true`,
where a red run has to mean that the change is at fault, and fewer: a desk tries twice as many. As plain
Python (``--hypothesis-profile few``) they only show that each line runs. No deadlines: the first call of a
rule may compile it.

The whole suite runs in several processes, file by file; tests that are named run in one, where what they
print and a debugger can be seen. ``-n 2`` or ``-n 0`` decides otherwise.

A test that wants more than ``uv run`` installs is skipped without it, and says ``uv run --group GROUP
pytest``.
The end of the run says it once more, with the files.
"""

import os
import re
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", settings.get_profile("desk"), derandomize=True, database=None, max_examples=50
)
settings.register_profile("few", settings.get_profile("ci"), max_examples=10)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

PROCESSES = 4  # at most: each takes up to a gigabyte


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes ``auto`` is."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    return min(PROCESSES, os.cpu_count() or 1) if whole else 0


LONGEST = (
    "browser/test_viewer.py", "browser/test_languages.py", "docs/test_shown_code.py",
    "report/test_made_titles.py", "engine/test_uncompiled.py", "commands/test_mechanism.py",
    "experiments/test_compare.py", "calibration/test_main_job.py",
)  # fmt: skip
"""Files that take a minute or more begin first, so that no process is left alone with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others stay in their order."""
    items.sort(key=lambda item: not item.nodeid.partition("::")[0].endswith(LONGEST))


GROUP = re.compile(r"uv run --group (\w+) pytest")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests did not run for want of a group of packages, and the line that runs them."""
    lacking: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple) and (found := GROUP.search(report.longrepr[2])):
            lacking[found[1]].append(report.nodeid.partition("::")[0])
    if lacking:
        terminalreporter.section(
            "NOT RUN, since they need packages that are not installed", yellow=True
        )
    for group, files in lacking.items():
        terminalreporter.write_line(
            f"{len(files)}: uv run --group {group} pytest {' '.join(sorted(set(files)))}"
        )
