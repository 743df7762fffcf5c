"""The random numbers put to the proof: own statistics, outside batteries, and the page that tells.

Why: a market with common random numbers compares two plans on the same luck, so a flaw in how draws are
addressed would look like an effect. Everything here is compiled from :mod:`sim.engine.randomness` itself.
"""
