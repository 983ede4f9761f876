"""One view a module; each has `show`."""
