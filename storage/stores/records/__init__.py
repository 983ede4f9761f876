"""Records: matches shown, feedback, models, limits."""
