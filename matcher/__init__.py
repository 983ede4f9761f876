"""The core of Earshot: listening, profiles, matching. Standard library and numpy only."""
