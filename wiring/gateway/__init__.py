"""The gateway in front of Streamlit and our routes: access checks and limits."""
