"""Adapter on PostgreSQL with pgvector: listeners, grants, sessions, pending log-ins, audio attributes."""
