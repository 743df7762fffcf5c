"""The commands: each reads its options, calls the verb of that name, prints the answer.

Nothing is computed here, and nothing heavy is imported until a command runs.
"""
