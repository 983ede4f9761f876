"""What listeners decide about each other: requests, blocks, consent, and what is disclosed."""
