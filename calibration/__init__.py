"""Calibration: the evidence of the two papers and what is learned from it.

- `evidence`  the tables of `calibration/data/`, typed and validated: start here
- `tables`    how any CSV table becomes validated rows
"""
