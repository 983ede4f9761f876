"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.circle import Allowed, Circle, Reader
from matcher.ports.finding import CandidateFinder, Known, Question, Retrieved, Seen
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
    "CandidateFinder",
    "Circle",
    "Clock",
    "Embedder",
    "ErasureReceipt",
    "Grant",
    "GrantStore",
    "Known",
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
    "Question",
    "Reader",
    "Report",
    "Retrieved",
    "Seen",
    "SessionStore",
    "lookup_keys",
]
