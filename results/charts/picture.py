"""A chart's figure as notebooks show it."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

SHARP = 120  # dots an inch: about as wide as a notebook's column


class Picture(Figure):
    """A Matplotlib figure that a notebook draws by itself.

    Without `matplotlib.pyplot`, which keeps every figure it made, figures are else shown as a line of text.
    """

    def _repr_png_(self) -> bytes:
        """Return the picture, as IPython asks for it."""
        from results.charts.style import style

        drawn = io.BytesIO()
        with style():
            self.savefig(drawn, format="png", dpi=SHARP)
        return drawn.getvalue()
