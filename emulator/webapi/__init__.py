"""The emulated Web API of Spotify, and an emulated ReccoBeats."""
