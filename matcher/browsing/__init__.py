"""Browsing matches: filters, one match in detail, map, history and feedback."""
