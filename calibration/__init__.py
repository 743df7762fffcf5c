"""From a company's history to parameters that reproduce it, and to forecasts tested on it.

``history`` reads the tables a company has, ``series`` names what is fitted and scored; statistics, fit,
baselines and backtests build on these two. Nothing here knows the command line; everything below (plans,
results, the market) may be used.
"""
