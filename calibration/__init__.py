"""Calibration: the evidence of the two papers and what is learned from it.

evidence    the tables of `calibration/data/`, typed and validated, and scenarios made of them: start here
prior       what was known of each number before the scores
posterior   what the scores add; the draws that the repository keeps
validation  what held and what failed
commands    what `cases`, `calibrate`, `validate` and the main job do

Each imports from those above it only.
"""
