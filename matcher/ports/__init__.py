"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.listeners import ListenerStore
from matcher.ports.music import AttributeProvider, AttributeStore, Embedder, ListeningSource, lookup_keys
from matcher.ports.signing_in import GrantStore, PendingLoginStore, SessionStore
from matcher.ports.taste import Clusterer, Decide, KeptTaste, NewTaste, TasteStore
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
    "AttributeProvider",
    "AttributeStore",
    "Candidate",
    "Clock",
    "Clusterer",
    "Decide",
    "Embedder",
    "ErasureReceipt",
    "Grant",
    "GrantStore",
    "KeptTaste",
    "Listener",
    "ListenerStore",
    "ListeningSource",
    "Neighbour",
    "NewTaste",
    "PendingLogin",
    "PendingLoginStore",
    "Progress",
    "Report",
    "SessionStore",
    "TasteStore",
    "lookup_keys",
]
