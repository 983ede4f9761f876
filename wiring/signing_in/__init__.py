"""Who is signed in: sessions, recovery keys, and the keys of the application."""
