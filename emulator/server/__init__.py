"""The application, its administration, and its server."""
