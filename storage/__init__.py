"""Adapter for PostgreSQL with pgvector."""
