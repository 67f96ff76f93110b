"""The lectures' experiments: small data sets, the family of autoencoders, and what is asked of their codes.

Plain functions and small classes; the pages that show them are in ``pages/``.
"""
