"""What one emulated Spotify remembers: grants, libraries, faults, calls."""
