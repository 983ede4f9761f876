"""The stores: what is kept, by whose it is."""
