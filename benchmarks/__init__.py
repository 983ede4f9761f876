"""Measurements with the plain alternative beside them: `python -m benchmarks.run`, or `make bench`."""
