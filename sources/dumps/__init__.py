"""Listening of very many, from open data that operators download."""
