"""Groups of listeners: access by consent, discovery and joint playlists."""
