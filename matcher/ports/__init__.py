"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.finding import CandidateFinder, Known, Question, Retrieved, Seen
from matcher.ports.listeners import ListenerStore
from matcher.ports.music import AttributeProvider, AttributeStore, Embedder, ListeningSource, lookup_keys
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
    "AttributeProvider",
    "AttributeStore",
    "Candidate",
    "CandidateFinder",
    "Clock",
    "Embedder",
    "ErasureReceipt",
    "Grant",
    "GrantStore",
    "Known",
    "Listener",
    "ListenerStore",
    "ListeningSource",
    "Neighbour",
    "PendingLogin",
    "PendingLoginStore",
    "Progress",
    "Question",
    "Report",
    "Retrieved",
    "Seen",
    "SessionStore",
    "lookup_keys",
]
