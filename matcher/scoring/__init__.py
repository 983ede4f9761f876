"""How near two profiles are, and why: similarity of parts, the ranker, candidates in memory."""
