"""Streamlit pages: they call use cases and draw the results."""
