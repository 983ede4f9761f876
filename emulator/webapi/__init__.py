"""The Web API, and the audio attributes of ReccoBeats."""
