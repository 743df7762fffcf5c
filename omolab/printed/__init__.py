"""What verbs print of a run: short tables for a person, a subject a file."""
