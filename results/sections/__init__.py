"""The report's sections: each function looks at the material and returns its part, or ``None``."""
