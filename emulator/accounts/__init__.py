"""The accounts service: listener choice, consent, tokens."""
