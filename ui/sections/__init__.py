"""Parts of a screen that is too long for one module: each asks nothing itself, and draws what it is given."""
