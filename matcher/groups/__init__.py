"""Several listeners at once: the group, who may be in one, discoveries and joint playlists."""
