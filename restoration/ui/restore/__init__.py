"""What the restoration pages are made of."""
