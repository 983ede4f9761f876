"""The roles that adapters play for the core, and the values that cross them."""

from matcher.ports.answers import AttributeCache
from matcher.ports.circle import Allowed, Circle, Reader
from matcher.ports.feedback import FeedbackStore
from matcher.ports.finding import CandidateFinder, Known, Question, Retrieved, Seen
from matcher.ports.history import HistoryStore
from matcher.ports.item_ids import ARTIST, TRACK, ItemIdStore, ItemKey
from matcher.ports.listeners import ListenerStore
from matcher.ports.models import ModelRegistry
from matcher.ports.music import (
    AttributeProvider,
    AttributeStore,
    Embedder,
    ListeningSource,
    SoFar,
    lookup_keys,
)
from matcher.ports.pace import Limits, PaceStore
from matcher.ports.playlists import KeptPlaylist, Linkable, MadePlaylist, MadePlaylistStore, PlaylistMaker
from matcher.ports.positions import PositionStore
from matcher.ports.relations import (
    Blocked,
    Choices,
    ConsentStore,
    Contact,
    PersonalDataStore,
    RelationStore,
    ReportReason,
)
from matcher.ports.signing_in import (
    GrantStore,
    PendingLoginStore,
    SessionStore,
    WaitingSignInStore,
)
from matcher.ports.taste import Clusterer, Decide, KeptTaste, NewTaste, Show, TasteStore
from matcher.ports.values import (
    Account,
    Candidate,
    Clock,
    ErasureReceipt,
    Grant,
    KnownModel,
    Listener,
    Look,
    Neighbour,
    OpenSession,
    PendingLogin,
    Place,
    Progress,
    Report,
    ScoredPair,
    Shown,
    WaitingSignIn,
    silent,
)

__all__ = [
    "ARTIST",
    "TRACK",
    "Account",
    "Allowed",
    "AttributeCache",
    "AttributeProvider",
    "AttributeStore",
    "Blocked",
    "Candidate",
    "CandidateFinder",
    "Choices",
    "Circle",
    "Clock",
    "Clusterer",
    "ConsentStore",
    "Contact",
    "Decide",
    "Embedder",
    "ErasureReceipt",
    "FeedbackStore",
    "Grant",
    "GrantStore",
    "HistoryStore",
    "ItemIdStore",
    "ItemKey",
    "KeptPlaylist",
    "KeptTaste",
    "Known",
    "KnownModel",
    "Limits",
    "Linkable",
    "Listener",
    "ListenerStore",
    "ListeningSource",
    "Look",
    "MadePlaylist",
    "MadePlaylistStore",
    "ModelRegistry",
    "Neighbour",
    "NewTaste",
    "OpenSession",
    "PaceStore",
    "PendingLogin",
    "PendingLoginStore",
    "PersonalDataStore",
    "Place",
    "PlaylistMaker",
    "PositionStore",
    "Progress",
    "Question",
    "Reader",
    "RelationStore",
    "Report",
    "ReportReason",
    "Retrieved",
    "ScoredPair",
    "Seen",
    "SessionStore",
    "Show",
    "Shown",
    "SoFar",
    "TasteStore",
    "WaitingSignIn",
    "WaitingSignInStore",
    "lookup_keys",
    "silent",
]
