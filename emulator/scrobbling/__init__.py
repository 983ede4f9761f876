"""Local doubles of the services that keep what was played: ListenBrainz and Last.fm."""
