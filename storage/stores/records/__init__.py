"""Records of matches shown, feedback, models and limits."""
