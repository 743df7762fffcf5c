"""What is measured, by hand and in CI's sight: ``make bench`` and its neighbours."""
