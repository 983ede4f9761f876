"""The tables. What each column is for, and how long it is kept, stands in `docs/data.md`."""

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    false,
    func,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _moment(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _yes_or_no(name: str, *, default: bool) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def _of_listener(*, key: bool, name: str = "listener_id") -> Column[object]:
    cascade = ForeignKey("listeners.id", ondelete="CASCADE")
    return Column(name, Uuid, cascade, primary_key=key, nullable=False)


def _perhaps_listener(name: str) -> Column[object]:
    """A listener who may have been erased: then the row stays, without the id."""
    return Column(name, Uuid, ForeignKey("listeners.id", ondelete="SET NULL"))


listeners = Table(
    "listeners",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_key", Text, nullable=False, unique=True),
    _text("alias"),
    _text("source"),
    Column("discoverable", Boolean, nullable=False),
    _moment("created_at_utc"),
    _moment("signed_in_at_utc", optional=True),
    _yes_or_no("paused", default=False),
    Column("profile_url", Text),
    _moment("active_at_utc", optional=True),
    _moment("due_since_utc", optional=True),
)

profiles = Table(
    "profiles",
    metadata,
    _of_listener(key=True),
    Column("content", JSONB, nullable=False),
    _text("digest"),
    _moment("synced_at_utc"),
    Column("shown", JSONB),
    Column("shown_digest", Text),
)

vectors = Table(
    "vectors",
    metadata,
    _of_listener(key=True),
    Column("model_version", Text, primary_key=True),
    Column("embedding", HALFVEC()),
    Column("own_embedding", HALFVEC()),
    Column("weighed", LargeBinary),
    Column("telling", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Index("ix_vectors_model_version", "model_version"),
    Index(
        "ix_vectors_telling", "telling", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ),  # with it, a search would read what was not yet sorted in, item by item
)

grants = Table("grants", metadata, _of_listener(key=True), Column("ciphertext", LargeBinary, nullable=False))

sessions = Table(
    "sessions",
    metadata,
    Column("session_hash", Text, primary_key=True),
    _of_listener(key=False),
    _moment("begun_at_utc"),
    _moment("expires_at_utc"),
    Index("ix_sessions_listener_id", "listener_id"),
    Index("ix_sessions_expires_at_utc", "expires_at_utc"),
)

pending_logins = Table(
    "pending_logins",
    metadata,
    Column("state", Text, primary_key=True),
    _text("verifier"),
    _text("browser_hash"),
    _moment("expires_at_utc"),
    Column("listener_id", Uuid, ForeignKey("listeners.id", ondelete="CASCADE")),
    Index("ix_pending_logins_listener_id", "listener_id"),
)

waiting_sign_ins = Table(
    "waiting_sign_ins",
    metadata,
    Column("browser_hash", Text, primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("listener_id", Uuid, ForeignKey("listeners.id", ondelete="CASCADE")),
    _moment("expires_at_utc"),
    Index("ix_waiting_sign_ins_listener_id", "listener_id"),
)

audio_attributes = Table(
    "audio_attributes",
    metadata,
    Column("lookup_key", Text, primary_key=True),
    Column("attributes", JSONB, nullable=False),
    _text("provenance"),
)

item_ids = Table(
    "item_ids",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("item_key", Text, primary_key=True),
    _text("spotify_id"),
)

cooldowns = Table(
    "cooldowns",
    metadata,
    Column("app_key", Text, primary_key=True),
    _moment("until_utc"),
    Column("quota", Boolean, nullable=False),
)

readings = Table("readings", metadata, _of_listener(key=True), Column("content", JSONB, nullable=False))


made_playlists = Table(
    "made_playlists",
    metadata,
    _of_listener(key=True),
    Column("playlist_id", Text, primary_key=True),
    _text("content_digest"),
    Column("n_tracks", Integer),
    _moment("made_at_utc"),
    Index("ix_made_playlists_playlist_id", "playlist_id"),
)


# ---- what a listener allows, and between listeners ---------------------------------------------------

sharing = Table(
    "sharing",
    metadata,
    _of_listener(key=True),
    _yes_or_no("artists", default=True),
    _yes_or_no("tracks", default=True),
    _yes_or_no("tags", default=True),
    _yes_or_no("profile_link", default=True),
    _yes_or_no("cards", default=False),
)

facets = Table(
    "facets",
    metadata,
    _of_listener(key=True),
    Column("facet_id", Text, primary_key=True),
    Column("shared", Boolean, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    _of_listener(key=True),
    _of_listener(key=True, name="other_id"),
    _moment("asked_at_utc"),
    _moment("agreed_at_utc", optional=True),
    CheckConstraint("listener_id <> other_id", name="not_oneself"),
    Index("ix_connections_other_id", "other_id"),
)
Index(
    "uq_connections_pair",
    func.least(connections.c.listener_id, connections.c.other_id),
    func.greatest(connections.c.listener_id, connections.c.other_id),
    unique=True,
)

blocks = Table(
    "blocks",
    metadata,
    _of_listener(key=True),
    _of_listener(key=True, name="blocked_id"),
    _moment("blocked_at_utc"),
    CheckConstraint("listener_id <> blocked_id", name="not_oneself"),
    Index("ix_blocks_blocked_id", "blocked_id"),
)

reports = Table(
    "reports",
    metadata,
    _of_listener(key=True),
    _of_listener(key=True, name="reported_id"),
    _text("reason"),
    _moment("reported_at_utc"),
    Index("ix_reports_reported_id", "reported_id"),
)

declined = Table(
    "declined",
    metadata,
    _of_listener(key=True),
    _of_listener(key=True, name="other_id"),
    Column("n_times", SmallInteger, nullable=False),
    _moment("declined_at_utc"),
    Index("ix_declined_other_id", "other_id"),
)

safeguards = Table(
    "safeguards",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _text("kind"),
    _text("by_fingerprint"),
    _perhaps_listener("by_id"),
    _text("about_fingerprint"),
    _perhaps_listener("about_id"),
    _moment("happened_at_utc"),
    Column("reason", Text),
    Column("n_times", SmallInteger),
    _moment("erased_at_utc"),
    Index("ix_safeguards_by_fingerprint", "by_fingerprint"),
    Index("ix_safeguards_by_id", "by_id"),
    Index("ix_safeguards_about_fingerprint", "about_fingerprint"),
    Index("ix_safeguards_about_id", "about_id"),
)

# ---- taste -------------------------------------------------------------------------------------------

libraries = Table(
    "libraries",
    metadata,
    _of_listener(key=True),
    Column("content", LargeBinary, nullable=False),
)

left_out = Table(
    "left_out",
    metadata,
    _of_listener(key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    _moment("left_out_at_utc"),
)

taste_pace = Table(
    "taste_pace",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _of_listener(key=False),
    _text("act"),
    _text("what"),
    _moment("happened_at_utc"),
    Index("ix_taste_pace_listener_id", "listener_id"),
    Index("ix_taste_pace_happened_at_utc", "happened_at_utc"),
)

# ---- what happened -----------------------------------------------------------------------------------

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _of_listener(key=False),
    _of_listener(key=False, name="other_id"),
    Column("score", SmallInteger, nullable=False),
    _text("model_version"),
    _moment("given_at_utc"),
    Index("ix_feedback_listener_id", "listener_id"),
    Index("ix_feedback_other_id", "other_id"),
)

match_history = Table(
    "match_history",
    metadata,
    _of_listener(key=True),
    Column("seen_at_utc", DateTime(timezone=True), primary_key=True),
    _of_listener(key=True, name="other_id"),
    Column("rank", Integer, nullable=False),
    Column("score", Double, nullable=False),
    _text("my_digest"),
    _text("their_digest"),
    _text("model_version"),
    Index("ix_match_history_other_id", "other_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _moment("happened_at_utc"),
    _text("action"),
    Column("listener_id", Uuid, ForeignKey("listeners.id", ondelete="CASCADE")),
    Column("details", JSONB, nullable=False),
    Index("ix_audit_listener_id", "listener_id"),
    Index("ix_audit_happened_at_utc", "happened_at_utc"),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("model_version", Text, primary_key=True),
    _moment("first_served_at_utc"),
    Column("metrics", JSONB, nullable=False),
)

attribute_cache = Table(
    "attribute_cache",
    metadata,
    Column("lookup_key", Text, primary_key=True),
    Column("attributes", JSONB),
    _text("provenance"),
    _moment("fetched_at_utc"),
    Index("ix_attribute_cache_fetched_at_utc", "fetched_at_utc"),
)


def columns_of_a_listener() -> tuple[Column[object], ...]:
    """Columns whose rows go with the listener they name, in tables other than `listeners`: an erasure's."""
    return tuple(key.parent for key in _keys_of_listeners() if key.ondelete == "CASCADE")


def columns_that_name_a_listener() -> tuple[Column[object], ...]:
    """Those, and columns of rows that outlast an erasure without the id: what an export goes through."""
    return tuple(key.parent for key in _keys_of_listeners())


def by_others() -> tuple[Column[object], ...]:
    """Columns that name whom others have dealt with: these are not told that it was so, nor when."""
    dealt_with = (blocks.c.blocked_id, reports.c.reported_id, safeguards.c.about_id)
    return (*dealt_with, feedback.c.other_id, match_history.c.other_id)


def _keys_of_listeners() -> list[ForeignKey]:
    keys = (key for table in metadata.sorted_tables for key in table.foreign_keys)
    return [key for key in keys if key.column is listeners.c.id]
