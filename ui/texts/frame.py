"""Texts around every page: the product, the bar, the foot, signing in and out."""

PRODUCT = "Earshot"
MATCHES = "Matches"
TASTE = "My taste"
LOADING = "One moment"
SIGN_IN = "Sign in with Spotify"
SIGN_IN_DEMO = "Sign in with the local Spotify"
SIGN_OUT = "Sign out"
SIGN_OUT_EVERYWHERE = "End all my sessions"
DEMO = "Demo"
DEMO_BANNER = "every listener here is synthetic, nothing leaves this machine."
RECONNECT_BY = "Spotify’s permission lasts six months; yours ends on {day}. Sign in again before then."
YOU = "you"
RETRY = "Try again"
RELOAD = "Look again"
SPOTIFY_HOME = "https://open.spotify.com"
ATTRIBUTION = "Data from Spotify"
NOT_AFFILIATED = "Earshot is not affiliated with Spotify."


def titled(screen: str) -> str:
    """The title of the browser's tab."""
    return f"{screen} · {PRODUCT}"
