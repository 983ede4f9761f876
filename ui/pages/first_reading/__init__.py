"""While a library is read for the first time."""
