"""How a peer answers: its script reads a line, lives a block of days, prints a line of JSON, and so on.

So that peers and we take turns on the machine. Scripts here run in environments of their own, without the
product: they import nothing but their package and this file.
"""

from __future__ import annotations

import json
import sys
import time


def options() -> dict:
    """Return the options that the measuring side hands over as JSON."""
    return json.loads(sys.argv[1])


def serve(step, customers: int, steps: int, about) -> None:
    """Live ``steps`` days a line read; answer with nanoseconds a customer-day and what ``about()`` tells."""
    step()  # compiled, imported and laid out before the clock starts
    print(json.dumps(about()), flush=True)
    for _ in sys.stdin:
        begin = time.process_time()
        for _ in range(steps):
            step()
        spent = time.process_time() - begin
        print(json.dumps({"ns": spent / steps / customers * 1e9, **about()}), flush=True)
