"""What a run takes over from the fit that it rests on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from omolab import desk
from results.store import create, open_run


def test_what_rests_on_a_fit_tells_how_far_to_trust_it(tmp_path: Path) -> None:
    learnt = pd.DataFrame({"parameter": ["switching"], "contraction": [0.4]})
    with create(tmp_path / "fit", "calibrate", "fit", {}, {}, 1) as writer:
        writer.table("fit/identified", learnt)
        writer.json("fit/diagnostics", {"trust": "care", "findings": []})
    with create(tmp_path / "run", "run", "run", {}, {}, 1) as writer:
        desk._repeat(writer, open_run(tmp_path / "fit"), "fit")
    run = open_run(tmp_path / "run")
    assert run.read("fit/identified").equals(learnt)
    assert run.json("fit/diagnostics")["trust"] == "care"
    assert not run.has("fit/statistics")  # the fit had none
