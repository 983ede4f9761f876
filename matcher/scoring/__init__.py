"""Scoring: components, ranker, explanation, candidates in memory."""
