"""Full and incremental reading of a library; creating playlists."""
