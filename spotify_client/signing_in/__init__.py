"""OAuth sign-in and tokens."""
