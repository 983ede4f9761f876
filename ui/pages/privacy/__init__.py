"""Privacy: who sees what, sessions, own data, erasing."""
