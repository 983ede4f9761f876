"""Shared by tests and benchmarks: Earshot in processes, and steps on its pages."""
