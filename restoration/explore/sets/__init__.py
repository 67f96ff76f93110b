"""The embedded data sets; README.md says where they come from."""
