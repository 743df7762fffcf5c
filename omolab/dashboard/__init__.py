"""The dashboard: a plan's levers in a browser, what they change, and what is stored.

It serves one planner on their own machine: it listens to this machine alone, answers only requests that bring
the token of its address, sends nothing elsewhere and writes into the results folder alone. Nothing is
computed here: quick looks are `scenarios.what_if`'s, full runs the same `omolab.run` as anywhere, comparisons
`scenarios.compare`'s.

`server` listens, `guard` refuses, `room` holds what all pages share, `background` does full runs, `page` is
what one sees (Solara), `tables` the HTML in it.
"""
