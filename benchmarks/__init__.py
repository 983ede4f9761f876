"""Benchmarks of Earshot beside plain alternatives: `python -m benchmarks.run`."""
