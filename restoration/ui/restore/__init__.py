"""The parts of the restoration pages."""
