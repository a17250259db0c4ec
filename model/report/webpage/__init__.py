"""A result as one HTML file that needs nothing else: ``uv run run.py report RESULT``.

document          what a page is made of, and how it becomes HTML (page.html.j2, page.css)
page_provenance   what it takes to make the result again
comparison_page   the page of an experiment
sweep_page        the page of a sweep
sensitivity_page  the page of a sensitivity study
patterns_page     the page of an examination of patterns
main_page         the page of the main job
report_file       from a folder of results to its page

The sentences are those of ``model.wording``.
"""
