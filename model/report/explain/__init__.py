"""One firm's life, and its twin under another policy, told from a folder of results.

result        reads the folder: scenarios, replicates, the ledger
trace         runs one replicate again, quarter by quarter, and keeps what surrounds one place
events        what befell the firm: contracts, refusals, memberships, practices, roads
life          a life in figures and events
twins         two lives side by side, and where they part
life_tables   tables for the terminal
life_figure   the figure
explain_firm  from the folder to all of these: what the command does
"""
