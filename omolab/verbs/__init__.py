"""The verbs as functions: what goes in, what is learnt of it, the futures, what is kept."""
