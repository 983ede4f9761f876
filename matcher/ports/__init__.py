"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.circle import Allowed, Circle, Reader
from matcher.ports.listeners import ListenerStore
from matcher.ports.music import AttributeProvider, AttributeStore, Embedder, ListeningSource, lookup_keys
from matcher.ports.playlists import MadePlaylist, PlaylistMaker
from matcher.ports.positions import PositionStore
from matcher.ports.signing_in import GrantStore, PendingLoginStore, SessionStore
from matcher.ports.values import (
    Account,
    Candidate,
    Clock,
    ErasureReceipt,
    Grant,
    Listener,
    Neighbour,
    PendingLogin,
    Progress,
    Report,
)

__all__ = [
    "Account",
    "Allowed",
    "AttributeProvider",
    "AttributeStore",
    "Candidate",
    "Circle",
    "Clock",
    "Embedder",
    "ErasureReceipt",
    "Grant",
    "GrantStore",
    "Listener",
    "ListenerStore",
    "ListeningSource",
    "MadePlaylist",
    "Neighbour",
    "PendingLogin",
    "PendingLoginStore",
    "PlaylistMaker",
    "PositionStore",
    "Progress",
    "Reader",
    "Report",
    "SessionStore",
    "lookup_keys",
]
