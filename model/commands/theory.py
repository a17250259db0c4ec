"""``run.py theory``"""

from __future__ import annotations

from model.commands.options import Facts, OutputOptions
from model.wording.markup import plain_console


def theory(ending: OutputOptions) -> Facts:
    """Print the catalogue of mechanisms: question, claim, source, file, parameters."""
    from model.report.catalogue import catalogue_facts, catalogue_table

    plain_console().print(catalogue_table())
    return catalogue_facts()
