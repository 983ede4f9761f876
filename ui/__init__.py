"""The pages: Streamlit only. They ask use cases and draw what comes back."""
