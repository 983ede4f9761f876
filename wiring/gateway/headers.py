"""Security headers of all responses."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

PLAYER = "https://open.spotify.com"
"""Origin of Spotify's player, which is opened on a page when a listener presses a play button."""
_A_YEAR_S = 31_536_000
_NONE, _SELF, _INLINE = "'none'", "'self'", "'unsafe-inline'"


def security_headers(policy: ContentSecurityPolicy, https: bool, *led_to: str) -> Mapping[str, str]:
    """Headers for a content policy; `https` adds HSTS. Forms lead here, and to the origins `led_to`."""
    permissions = PermissionsPolicy().camera().microphone().geolocation().payment().usb().display_capture()
    return Secure(
        csp=policy.base_uri(_NONE).form_action(_SELF, *led_to).frame_ancestors(_NONE),
        hsts=StrictTransportSecurity().max_age(_A_YEAR_S) if https else None,
        referrer=ReferrerPolicy().no_referrer(),
        permissions=permissions.browsing_topics(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
    ).headers


def own_headers(https: bool) -> Mapping[str, str]:
    """Headers of our own pages."""
    return security_headers(plain_page(), https)


def leading_headers(origin: str, https: bool) -> Mapping[str, str]:
    """Headers of a page of our own with a form that is answered by a redirect to another origin."""
    return security_headers(plain_page(), https, origin)


def scripted_headers(script: str, https: bool) -> Mapping[str, str]:
    """Headers of a page of our own with one inline script, which may ask this server."""
    policy = plain_page().script_src(_digest(script)).connect_src(_SELF)
    return security_headers(policy, https)


def nothing() -> ContentSecurityPolicy:
    """Policy of responses other than pages: files, redirects, refusals."""
    return ContentSecurityPolicy().default_src(_NONE)


def plain_page() -> ContentSecurityPolicy:
    """Policy of our own pages, which run no script but one (`scripted_headers`)."""
    pictures = nothing().img_src(_SELF, "data:").font_src(_SELF)
    return pictures.style_src(_SELF, _INLINE).manifest_src(_SELF)


def streamlit_page(scripts: Iterable[str], origin: str, *framed: str) -> ContentSecurityPolicy:
    """Policy of Streamlit's pages.

    `scripts` are texts of inline scripts, allowed by digest; `origin` is that of the public URL;
    `framed` are origins whose pages may be shown inside ours, none without.
    """
    digests = map(_digest, scripts)
    socket = "ws" + origin.removeprefix("http")
    # Streamlit's scripts write inline styles and load component scripts from `blob:` (ui/html/controls.js).
    policy = nothing().script_src(_SELF, "blob:", *digests).style_src(_SELF, _INLINE)
    pictures = policy.img_src(_SELF, "data:", "blob:").font_src(_SELF, "data:")
    policy = pictures.connect_src(_SELF, socket).manifest_src(_SELF)
    return policy.frame_src(*framed) if framed else policy


def _digest(script: str) -> str:
    """What allows an inline script by its text."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
