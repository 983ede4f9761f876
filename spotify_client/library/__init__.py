"""Reading a library, whole or only what is new; writing playlists."""
