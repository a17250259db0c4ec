"""The evidence, and how a row of it becomes a scenario.

csv_rows             how any CSV table becomes validated rows
case_tables          the tables of the papers in `calibration/data/`
dossiers             what is known of each cluster beside them, and what of it may enter
hypotheses           on single clusters, written by hand
starting_conditions  the numbers put in between a row of the case table and a scenario
coding               the numbers put in between a dossier and a scenario
steps                one key of a scenario with its evidence
institution_steps    institutions become designs
event_steps          events become a timetable
case_scenarios       all of it becomes a scenario
rival_views          theories, each a set of mechanisms put neutral
figures              evidence beside the scores, each kind a likelihood of its own
unknown_sizes        what no source tells, drawn in calibration
"""
