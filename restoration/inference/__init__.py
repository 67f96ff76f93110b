"""From an image of any size to an image: cards, models, tiles and what executes a network."""
