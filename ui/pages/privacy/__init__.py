"""Privacy: consent, sessions, own data, erasure."""
