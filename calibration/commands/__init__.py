"""What the commands do, each named as it is typed.

cases                 the forty clusters on a terminal
calibrate             screen, simulate, fit, write, print
validate              find, write tables, figures and the page, print
rivals                theories in one contest
components            ``calibrate --components``: what scores tell of each cluster's
study_options         what calibrate, validate and rivals are asked alike
main_job              what happens without a command
clusters_and_designs  what the main job simulates
designs_by_cluster    the designs in every scored cluster
"""
