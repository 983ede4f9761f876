"""From answers of the Web API to listening."""
