"""Music data: attributes, ids, readings, playlists made."""
