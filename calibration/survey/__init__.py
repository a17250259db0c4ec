"""A survey of a cluster becomes a scenario and an experiment of one's own.

sheet_items       what the sheet asks, item by item
sheet_cells       tables out of workbooks, CSV and Stata files, every cell with its place
template_sheet    the empty sheet that ships
survey_answers    a filled sheet -> answers, each with where it comes from and of how many firms
data_mapping      what a mapping file may say of other people's data
microdata         rows of firms -> the same answers, weighted, no cell smaller than allowed
concordance       an industry's code -> one of the four ways of learning, with the reason
interview         the same answers, asked on the terminal
own_scenario      answers -> a commented scenario
own_experiment    answers -> three ways to spend a budget

Rows of firms are read on this machine, and only sums over enough of them go on from here.
"""
