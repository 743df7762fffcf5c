"""What searches are measured on and against, one subject a file; `benchmarks.search` runs them."""
