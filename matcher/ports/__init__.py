"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.finding import CandidateFinder, Known, Question, Retrieved, Seen
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
    "CandidateFinder",
    "Clock",
    "Clusterer",
    "Decide",
    "Embedder",
    "ErasureReceipt",
    "Grant",
    "GrantStore",
    "KeptTaste",
    "Known",
    "Listener",
    "ListenerStore",
    "ListeningSource",
    "Neighbour",
    "NewTaste",
    "PendingLogin",
    "PendingLoginStore",
    "Progress",
    "Question",
    "Report",
    "Retrieved",
    "Seen",
    "SessionStore",
    "TasteStore",
    "lookup_keys",
]
