"""How fast the market is, and beside what: each file measures one thing and returns rows.

A row is ``{"name", "ours", "peer", "unit", "ratio"}``, or ``{"name", "skipped": why}`` for what could not be
measured. Whatever is compared is measured in the same run, in turns, one thread each unless a row says
otherwise; nothing is remembered from another day or machine. ``python benchmarks/bench.py`` runs all of it.
"""
