"""What buttons do, and how their outcome is shown."""
