"""The Web API, and ReccoBeats."""
