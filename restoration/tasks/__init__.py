"""The tasks: one module each, with the function that a user calls."""
