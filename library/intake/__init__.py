"""How files come in: what they are is seen, their text is read in a process of its own.

Hostile bytes are opened by `child` alone, which knows neither Django nor the database.
"""
