"""Evaluation: protocols, baselines, and reports."""
