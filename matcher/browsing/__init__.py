"""Looking through matches: filters, one match closely, the map, history and feedback."""
