"""Scenario to world: ``tables`` (record types), ``network`` (the graph), ``build`` (the rows)."""
