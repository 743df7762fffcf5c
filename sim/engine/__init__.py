"""Random numbers, compilation and chunks: what makes a day fast and repeatable. Knows no retail word."""
