"""What tests and benchmarks share: an Earshot in processes, and a browser that uses it."""
