"""Training of a model: towers, ranker, calibration, taste map."""
