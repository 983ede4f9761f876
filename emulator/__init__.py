"""A local Spotify: accounts service and Web API over a synthetic world or a table."""
