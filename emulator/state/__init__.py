"""State of one emulator: grants, libraries, faults, calls."""
