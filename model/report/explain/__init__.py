"""One firm's life, and its twin under another policy, told from a folder of results.

result   reads the folder: scenarios, replicates, the ledger
watched  runs one replicate again, quarter by quarter, with one place under watch
events   what befell the firm: contracts, refusals, memberships, practices, roads
life     a life in figures and events
twins    two lives side by side, and where they part
told     tables for the terminal
drawn    the figure
job      the command
"""
