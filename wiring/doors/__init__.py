"""Ways in over HTTP: pages and forms of our own, and files until they are read."""
