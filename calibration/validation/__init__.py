"""What held and what failed.

scoring_rules                 error, CRPS and coverage of forecasts of scores
baselines                     statistics on the same inputs, which the model has to beat
cross_validation              clusters forecast by a posterior that has not seen them
simulation_based_calibration  planted truths recovered
rival_contest                 theories calibrated and scored on clusters left out
information_gain              which datum would tell rivals apart
rivals_page                   the page and figure of the contest
component_findings            components of collective efficiency cluster by cluster, and checks
components_page               their page and figure
parallel_fits                 posteriors fitted side by side
case_diagnostics              cluster by cluster: surprises, and channels that carried upgrading
pattern_uncertainty           patterns in every draw of the posterior
policy_uncertainty            two designs compared in every draw
draws_and_chance              how much of an effect's spread is luck, how much the model's numbers
findings                      all of it, in order
aims                          what was aimed at and what of it failed
validation_report             the page written from it
plots                         its figures
"""
