"""Measuring: quality and speed beside other methods. One room per benchmark, one command each."""
