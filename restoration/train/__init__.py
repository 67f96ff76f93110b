"""Training: recipes, data and the loop. `python -m restoration.train NAME --photos DIR`."""
