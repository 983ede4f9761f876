"""How long things are kept, and what erasing leaves."""
