"""Measuring: quality and speed beside other methods. One module per benchmark, one command each."""
