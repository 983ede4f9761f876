"""Names of artists and titles: spelling, editions and guests, and names that are none."""
