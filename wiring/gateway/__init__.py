"""What stands in front of Streamlit and of our own routes: who may ask, for what, how often and how much."""
