"""Actions of buttons, and their outcomes."""
