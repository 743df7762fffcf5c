"""What a run leaves behind: the store, odds of the targets, charts and the report.

Runs land in ``results/runs/``; a run's folder appears under its name only when it is complete.
"""
