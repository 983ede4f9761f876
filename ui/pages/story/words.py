"""Texts of the page with the story."""

TITLE = "Your story"
LEAD = "From your own figures, and from the listener nearest to you now. Nobody else sees these cards."
TO_MATCHES = "See my matches"
