"""The tasks: for each one room with the function that a user calls."""
