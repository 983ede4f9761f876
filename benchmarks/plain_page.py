"""Plain alternative to the matches page: cards of Streamlit's own elements.

streamlit run benchmarks/plain_page.py     `?cards=10` in the address says how many cards
"""

import streamlit as st

AGAIN = "Again"
_REASONS = "- You share artists such as **one**, **another** and **a third**\n- You both go for **jazz**"
_CHIPS = "`one artist` `another artist` `a third artist` `a fourth artist` and 12 more"


def main() -> None:
    """As many cards as the address says; a click draws all of them with other words."""
    n = st.session_state["n"] = st.session_state.get("n", 0) + 1
    with st.container(horizontal=True):
        for one in ("Matches", "My taste", "Map", "Groups", "Privacy"):
            st.page_link("https://example.org", label=one)
    st.button(AGAIN)
    for place in range(int(st.query_params.get("cards", "0"))):
        card(place, n)
    st.markdown(f"round {n}")


def card(place: int, n: int) -> None:
    """A heading, reasons, chips, and a row of what one can do."""
    with st.container(border=True):
        st.subheader(f"Listener {place}, looked at {n} times")
        st.markdown(
            "- You share artists such as **one**, **another** and **a third**\n- You both go for **jazz**"
        )
        st.markdown(_CHIPS)
        with st.container(horizontal=True):
            for label in ("Open", "Ask to connect", "Hide", "Block"):
                st.button(label, key=f"{label} {place}")


if __name__ == "__main__":
    main()
