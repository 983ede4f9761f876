"""Tables, codecs, and common queries."""
