"""Calling the Web API: sessions, limits, refusals, who may call for whom."""
