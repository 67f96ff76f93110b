"""Widgets with JavaScript of their own: each a Python module beside its JS, CSS and HTML."""
