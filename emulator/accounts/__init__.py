"""The accounts service: who signs in, consent, tokens."""
