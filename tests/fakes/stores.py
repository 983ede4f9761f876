"""The store ports in memory: small real programs that pass the same contracts as PostgreSQL."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.consent import Sharing
from matcher.domain.listening import Listening, Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, to_half
from matcher.errors import AccountTaken, UnknownListener
from matcher.ports import (
    Account,
    Candidate,
    ErasureReceipt,
    Grant,
    Known,
    Listener,
    NewTaste,
    OpenSession,
    PendingLogin,
    Placed,
    Question,
    Retrieved,
    Seen,
    Shown,
    WaitingSignIn,
    lookup_keys,
)
from matcher.scoring.packed_candidates import BARE, PackedProfile


@dataclass
class _Row:
    listener: Listener
    signed_in: bool
    profile_url: str = ""
    profile: ListenerProfile | None = None
    synced_at_utc: datetime | None = None
    vectors: dict[str, Floats] = field(default_factory=dict)
    packed: dict[str, PackedProfile] = field(default_factory=dict)
    own_vectors: dict[str, Floats] = field(default_factory=dict)
    shown: ListenerProfile | None = None
    paused: bool = False
    note_closed: bool = False

    @property
    def digest(self) -> str:
        return _digest(self.profile)

    @property
    def shown_digest(self) -> str:
        return _digest(self.shown)

    def place(self, stored: Floats | None, packed: PackedProfile, version: str, shown: Shown | None) -> bool:
        """Keep both views under a model version; whether they are others than before."""
        before = self._placed(version)
        found = stored if shown is None else shown.stored
        for kept, vector in ((self.own_vectors, stored), (self.vectors, found)):
            kept.pop(version, None)
            if vector is not None:
                kept[version] = to_half(np.asarray(vector, dtype=np.float32))
        self.packed[version] = packed if shown is None else shown.packed
        self.shown = self.profile if shown is None else shown.profile
        return before != self._placed(version)

    def place_also(self, also: Sequence[Placed]) -> None:
        for one in also:
            self.place(one.stored, one.packed, one.model_version, one.shown)

    def _placed(self, version: str) -> str:
        kept = [kept.get(version) for kept in (self.own_vectors, self.vectors)]
        vectors = [None if one is None else one.tolist() for one in kept]
        return repr((vectors, self.packed.get(version), self.shown_digest))


def _digest(profile: ListenerProfile | None) -> str:
    return str(hash(repr(replace(profile, listener_id="")))) if profile else ""


class FakeGrantStore:
    """Grants in a dict, with a lock for each listener."""

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def save(self, listener_id: str, grant: Grant) -> None:
        self.grants[listener_id] = grant

    def load(self, listener_id: str) -> Grant | None:
        return self.grants.get(listener_id)

    def wipe(self, listener_id: str) -> None:
        self.grants.pop(listener_id, None)

    @contextmanager
    def locked(self, listener_id: str) -> Iterator[None]:
        with self._locks[listener_id]:
            yield


class FakeSessionStore:
    """Sessions in a dict."""

    def __init__(self) -> None:
        self.sessions: dict[str, tuple[str, datetime]] = {}
        self.begun: dict[str, datetime] = {}

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        self.sessions[session_hash] = (listener_id, expires_at_utc)
        self.begun[session_hash] = now

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        listener_id, expires_at_utc = self.sessions.get(session_hash, ("", now))
        return listener_id if expires_at_utc > now else None

    def prolong(self, session_hash: str, now: datetime, until: datetime, most: timedelta) -> None:
        if self.listener_of(session_hash, now):
            end = min(until, self.begun[session_hash] + most)
            listener_id, expires_at_utc = self.sessions[session_hash]
            if expires_at_utc.date() < end.date():
                self.sessions[session_hash] = (listener_id, end)

    def end(self, session_hash: str) -> None:
        self.sessions.pop(session_hash, None)

    def sessions_of(self, listener_id: str, now: datetime) -> list[OpenSession]:
        mine = [
            OpenSession(key, self.begun[key], expires_at_utc)
            for key, (owner, expires_at_utc) in self.sessions.items()
            if owner == listener_id and expires_at_utc > now
        ]
        return sorted(mine, key=lambda one: one.begun_at_utc, reverse=True)

    def end_of(self, listener_id: str, session_hash: str) -> bool:
        is_theirs = self.sessions.get(session_hash, ("",))[0] == listener_id
        return is_theirs and self.sessions.pop(session_hash, None) is not None

    def end_all(self, listener_id: str) -> int:
        mine = [key for key, (owner, _) in self.sessions.items() if owner == listener_id]
        for key in mine:
            self.end(key)
        return len(mine)


class FakeRecoveryKeyStore:
    """Hashes of keys in a dict."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, datetime]] = {}

    def keep(self, listener_id: str, key_hash: str, now: datetime) -> None:
        self.keys[listener_id] = (key_hash, now)

    def listener_of(self, key_hash: str) -> str | None:
        return next((one for one, (known, _) in self.keys.items() if known == key_hash), None)

    def made_at_utc(self, listener_id: str) -> datetime | None:
        return self.keys[listener_id][1] if listener_id in self.keys else None


class FakePendingLoginStore:
    """Pending log-ins in a dict, whose `pop` only one caller wins."""

    def __init__(self) -> None:
        self.pending: dict[str, PendingLogin] = {}

    def add(self, pending: PendingLogin) -> None:
        self.pending[pending.state] = pending

    def take(self, state: str, browser_hash: str, now: datetime) -> PendingLogin | None:
        if state not in self.pending or self.pending[state].browser_hash != browser_hash:
            return None
        found = self.pending.pop(state, None)
        return found if found is not None and found.expires_at_utc > now else None


class FakeWaitingSignInStore:
    """Waiting sign-ins in a dict, whose `pop` only one caller wins."""

    def __init__(self) -> None:
        self.waiting: dict[str, tuple[WaitingSignIn, datetime]] = {}

    def keep(self, browser_hash: str, waiting: WaitingSignIn, expires_at_utc: datetime) -> None:
        self.waiting[browser_hash] = (waiting, expires_at_utc)

    def take(self, browser_hash: str, now: datetime) -> WaitingSignIn | None:
        found, until = self.waiting.pop(browser_hash, (None, now))
        return found if until > now else None


class FakeAttributeStore:
    """Audio attributes in a dict by look-up key."""

    def __init__(self) -> None:
        self.known: dict[str, AudioAttributes] = {}

    def add_attributes(self, rows: Iterable[tuple[Sequence[str], AudioAttributes]]) -> int:
        usable = [(keys, attributes) for keys, attributes in rows if keys]
        self.known.update((key, attributes) for keys, attributes in usable for key in keys)
        return len(usable)

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        found: dict[str, tuple[int, AudioAttributes]] = {}
        for hearing in listening.hearings:
            track = keys_of(hearing)[1]
            for key in lookup_keys(track, hearing.track_id, hearing.isrc) if track else ():
                if key in self.known:
                    rank = ("id", "isrc", "key").index(key.partition(":")[0])
                    found[track] = min(
                        found.get(track, (3, self.known[key])), (rank, self.known[key]), key=_rank
                    )
        return {track: attributes for track, (_, attributes) in found.items()}


def _rank(found: tuple[int, AudioAttributes]) -> int:
    return found[0]


class FakeListenerStore:
    """Listeners in a dict, searched exactly; `forget` empties the grants and sessions given along."""

    def __init__(
        self, grants: FakeGrantStore | None = None, sessions: FakeSessionStore | None = None
    ) -> None:
        self._rows: dict[str, _Row] = {}
        self._ids: dict[str, str] = {}
        self._grants = grants or FakeGrantStore()
        self._sessions = sessions or FakeSessionStore()
        self._lock = threading.RLock()
        self.blocks: dict[tuple[str, str], datetime] = {}
        self.sharing: dict[str, Sharing] = {}
        self.also_forget: list[Callable[[str], Mapping[str, int]]] = []
        self.also_connect: list[Callable[[str], object]] = []
        self.brought: set[str] = set()
        """Who has music of a `Source.brought`."""
        self.accounts: dict[str, str] = {}
        """Account by id, of the erased as well: stands for the fingerprints."""

    @property
    def rows(self) -> Mapping[str, _Row]:
        """What is kept of each listener, for fakes that stand beside this one."""
        return self._rows

    def is_in_sight(self, listener_id: str) -> bool:
        row = self._rows.get(listener_id)
        return row is not None and row.listener.discoverable and not row.paused

    def sees(self, viewer: str, other: str) -> bool:
        blocked = {(viewer, other), (other, viewer)} & self.blocks.keys()
        return viewer != other and self.is_in_sight(other) and not blocked

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        with self._lock:
            row = self._row_of(account, Listener(str(uuid4()), alias, source, discoverable=False))
            if not row.signed_in:
                row.listener = replace(row.listener, discoverable=False)
                row.signed_in = True
                row.profile, row.shown, row.synced_at_utc = None, None, None
                row.vectors, row.own_vectors, row.packed = {}, {}, {}
            row.profile_url = account.profile_url
        for connect in self.also_connect:
            connect(row.listener.listener_id)
        return row.listener

    def change_account(self, listener_id: str, account: Account, now: datetime) -> None:
        with self._lock:
            if listener_id not in self._rows:
                raise UnknownListener("there is no such listener")
            owner = self._ids.get(account.key)
            if owner == listener_id:
                return
            if owner is not None and self._rows[owner].signed_in:
                raise AccountTaken("the account is another listener's")
            if owner is not None:
                self.forget(owner)
            self._ids = {key: one for key, one in self._ids.items() if one != listener_id}
            self._ids[account.key] = listener_id
            self.accounts[listener_id] = account.key
            self._rows[listener_id].profile_url = account.profile_url
            if not account.by_key_alone:
                sharing = self.sharing.get(listener_id, Sharing())
                self.sharing[listener_id] = replace(sharing, profile_link=False)
        for connect in self.also_connect:
            connect(listener_id)

    def owner_of(self, account: Account) -> str | None:
        return self._ids.get(account.key)

    def account_of(self, listener_id: str) -> Account | None:
        found = (Account(key, self._rows[one].profile_url) for key, one in self._ids.items())
        return next((one for one in found if self._ids[one.key] == listener_id), None)

    def listener(self, listener_id: str) -> Listener | None:
        return self.listeners([listener_id]).get(listener_id)

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        return {key: self._rows[key].listener for key in listener_ids if key in self._rows}

    def add_candidates(
        self, candidates: Iterable[Candidate], aliases: Iterable[str], model_version: str, now: datetime
    ) -> int:
        rows, names = list(candidates), iter(aliases)
        pairs = [(candidate, next(names, None)) for candidate in rows]
        if any(alias is None for _, alias in pairs):
            raise ValueError("there are fewer aliases than candidates")
        last = {candidate.account.key: (candidate, str(alias)) for candidate, alias in pairs}
        with self._lock:
            return sum(self._add(candidate, alias, model_version, now) for candidate, alias in last.values())

    def keep_profile(
        self,
        listener_id: str,
        profile: ListenerProfile,
        stored: Floats,
        model_version: str,
        now: datetime,
        packed: PackedProfile = BARE,
        shown: Shown | None = None,
        also: Sequence[Placed] = (),
    ) -> bool:
        with self._lock:
            row = self._rows.get(listener_id)
            if row is None:
                raise UnknownListener("there is no such listener")
            mine = replace(profile, listener_id=listener_id)
            changed = _keep(row, mine, stored, packed, model_version, now, shown)
            row.place_also(also)
            return changed

    def renew(self, listener_id: str, new: NewTaste) -> None:
        """Keep both views of the profile that is kept."""
        with self._lock:
            row = self._rows[listener_id]
            found = row.profile if new.shown is None else new.shown.profile
            if new.stored is None or row.shown_digest != _digest(found):
                row.vectors, row.own_vectors, row.packed = {}, {}, {}
            row.place(new.stored, new.packed, new.model_version, new.shown)
            row.place_also(new.also)

    def profile(self, listener_id: str) -> ListenerProfile | None:
        return self.profiles([listener_id]).get(listener_id)

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        found = {key: self._rows[key].profile for key in listener_ids if key in self._rows}
        return {key: profile for key, profile in found.items() if profile is not None}

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        found = {key: self._rows[key].shown for key in listener_ids if key in self._rows}
        return {
            key: replace(profile, listener_id=key) for key, profile in found.items() if profile is not None
        }

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        row = self._rows.get(listener_id)
        return row.own_vectors.get(model_version) if row else None

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        rows = {key: self._rows[key] for key in listener_ids if key in self._rows}
        return {key: row.vectors[model_version] for key, row in rows.items() if model_version in row.vectors}

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        row = self._rows.get(listener_id)
        return row.synced_at_utc if row else None

    def known(self, listener_id: str, model_version: str) -> Known | None:
        row = self._rows.get(listener_id)
        if row is None:
            return None
        stored = row.own_vectors.get(model_version)
        brought = listener_id in self.brought
        return Known(row.profile, row.digest, row.synced_at_utc, stored, row.shown_digest, brought)

    def retrieve(self, question: Question, k: int, model_version: str) -> Retrieved:
        return self._retrieved((key for key in self._rows if key != question.listener_id), model_version)

    def kept(self, listener_id: str, model_version: str) -> Retrieved:
        return self._retrieved([listener_id], model_version)

    def _retrieved(self, listener_ids: Iterable[str], model_version: str) -> Retrieved:
        known = (self._rows[key] for key in listener_ids if key in self._rows)
        rows = [row for row in known if model_version in row.vectors]
        stored = np.array([row.vectors[model_version] for row in rows], np.float32)
        contents = [row.packed[model_version].content for row in rows]
        return Retrieved([row.listener.listener_id for row in rows], stored, contents)

    def visible(self, listener_id: str, others: Sequence[str]) -> Mapping[str, Seen]:
        there = listener_id in self._rows
        rows = {key: self._rows[key] for key in others if there and key in self._rows}
        return {
            key: Seen(row.listener, row.shown_digest, key in self.brought)
            for key, row in rows.items()
            if self.sees(listener_id, key)
        }

    def drop_vectors(self, model_version: str) -> int:
        with self._lock:
            rows = [row for row in self._rows.values() if model_version in row.packed]
            for row in rows:
                for kept in (row.vectors, row.own_vectors, row.packed):
                    kept.pop(model_version, None)
            return len(rows)

    def index_vectors(self, model_version: str) -> bool:
        return False

    def n_candidates(self, model_version: str) -> int:
        rows = list(self._rows.items())
        return sum(model_version in row.vectors and self.is_in_sight(key) for key, row in rows)

    def forget(self, listener_id: str) -> ErasureReceipt:
        with self._lock:
            row = self._rows.pop(listener_id, None)
            self._ids = {account: key for account, key in self._ids.items() if key != listener_id}
        sessions = [key for key, (owner, _) in self._sessions.sessions.items() if owner == listener_id]
        for session in sessions:
            self._sessions.end(session)
        erased = {
            "listeners": int(row is not None),
            "profiles": int(row is not None and row.profile is not None),
            "vectors": len(row.own_vectors) if row else 0,
            "grants": int(self._grants.grants.pop(listener_id, None) is not None),
            "sessions": len(sessions),
        }
        for forget in self.also_forget if row else ():
            erased |= forget(listener_id)
        return ErasureReceipt(erased, datetime.now(UTC) + timedelta(days=365))

    def n_imported(self, source: Source) -> int:
        return len(self._imported(source))

    def _imported(self, source: Source) -> list[str]:
        rows = self._rows.items()
        return [key for key, row in rows if row.listener.source is source and not row.signed_in]

    def forget_imported(self, source: Source, n_most: int) -> int:
        keys = self._imported(source)[:n_most]
        for key in keys:
            self.forget(key)
        return len(keys)

    def _row_of(self, account: Account, new: Listener) -> _Row:
        listener_id = self._ids.setdefault(account.key, new.listener_id)
        self.accounts[listener_id] = account.key
        return self._rows.setdefault(listener_id, _Row(new, signed_in=False))

    def _add(self, candidate: Candidate, alias: str, model_version: str, now: datetime) -> bool:
        source = candidate.profile.source
        row = self._row_of(candidate.account, Listener(str(uuid4()), alias, source, discoverable=True))
        if row.signed_in:
            return False
        profile = replace(candidate.profile, listener_id=row.listener.listener_id)
        _keep(row, profile, candidate.stored, candidate.packed, model_version, now)
        return True


def _keep(
    row: _Row,
    profile: ListenerProfile,
    stored: Floats | None,
    packed: PackedProfile,
    model_version: str,
    now: datetime,
    shown: Shown | None = None,
) -> bool:
    found = profile if shown is None else shown.profile
    same_profile = row.profile == profile and row.shown_digest == _digest(found)
    if not same_profile:
        row.profile, row.vectors, row.own_vectors, row.packed = profile, {}, {}, {}
        row.listener = replace(row.listener, source=profile.source)
    same_vector = not row.place(stored, packed, model_version, shown)
    row.synced_at_utc = now
    return not (same_profile and same_vector)


class FakePositionStore:
    """Projects the vectors of a `FakeListenerStore`'s discoverable listeners."""

    def __init__(self, listeners: FakeListenerStore) -> None:
        self._listeners = listeners

    def sample_products(self, axes: Floats, model_version: str, n: int) -> Floats:
        rows = [
            row.vectors[model_version] @ axes.T
            for key, row in sorted(self._listeners._rows.items())
            if self._listeners.is_in_sight(key) and model_version in row.vectors
        ]
        return np.array(rows[: max(n, 0)], np.float32).reshape(-1, 2)

    def sample_rows(self, model_version: str, n: int) -> Sequence[bytes]:
        rows = [
            row.packed[model_version].content
            for key, row in sorted(self._listeners._rows.items())
            if self._listeners.is_in_sight(key) and model_version in row.packed
        ]
        return rows[: max(n, 0)]
