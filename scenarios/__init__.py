"""From an operating plan to the days a market lives through: schema, drivers, experiments, search."""
