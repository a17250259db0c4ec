"""The evidence, and how a row of it becomes a scenario.

csv_rows             how any CSV table becomes validated rows
case_tables          the tables of `calibration/data/`
hypotheses           on single clusters, written by hand
starting_conditions  the numbers put in between a row and a scenario
case_scenarios       a row becomes a scenario
rival_views          theories, each a set of mechanisms put neutral
figures              evidence beside the scores, each kind a likelihood of its own
sector_levels        levels that the tables state, as patterns to examine
"""
