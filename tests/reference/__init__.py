"""The market in plain Mesa: its executable specification, and the yardstick of its speed."""
