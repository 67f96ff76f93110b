"""What the exploration pages are made of."""
