"""Many photographs: each read, restored and written by the same three functions, in one process or in several."""
