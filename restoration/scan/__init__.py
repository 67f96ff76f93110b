"""Scans: files <-> volumes of slices in Hounsfield units. Nothing else reads or writes them."""
