"""Profiles as arrays of fixed shape, the same in training and in serving."""
