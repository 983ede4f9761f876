"""Files that listeners download from the service they listen with."""
