"""The cheapest help that would have brought a firm, or the firms of a community, over a buyer's standard.

shortfall      what a firm lacks of a standard: practices by kind and rung
helps          help that the model has, what it does in a run, and what it costs
aided_runs     the replicate run again with help, many kinds side by side
cheapest_help  help tried in rising order of price, and in how many replicates the cheapest suffices
reach_tables   tables for the terminal and the files
reach_figure   the figure
reach_standard from the folder to all of these: what ``explain --reach`` does
"""
