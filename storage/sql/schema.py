"""The tables; `docs/data.md` gives purpose and retention of every column."""

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
    ForeignKeyConstraint,
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


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _number() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _text(name: str, *, indexed: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, index=indexed)


def _moment(name: str, *, optional: bool = False, indexed: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional, index=indexed)


def _yes_or_no(name: str, *, default: bool) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def _listener(
    name: str = "listener_id", *, key: bool = False, indexed: bool = False, optional: bool = False
) -> Column[object]:
    cascade = ForeignKey("listeners.id", ondelete="CASCADE")
    return Column(name, Uuid, cascade, primary_key=key, nullable=optional, index=indexed)


def _perhaps_listener(name: str) -> Column[object]:
    """Reference to a listener, set to NULL by their erasure."""
    return Column(name, Uuid, ForeignKey("listeners.id", ondelete="SET NULL"), index=True)


def _pair(other: str) -> tuple[Column[object], Column[object]]:
    return _listener(key=True), _listener(other, key=True, indexed=True)


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
    _yes_or_no("note_closed", default=False),
    Column("profile_url", Text),
    _moment("active_at_utc", optional=True),
    _moment("due_since_utc", optional=True),
    _moment("people_seen_at_utc", optional=True),
)

profiles = Table(
    "profiles",
    metadata,
    _listener(key=True),
    Column("content", JSONB, nullable=False),
    _text("digest"),
    _moment("synced_at_utc"),
    Column("shown", JSONB),
    Column("shown_digest", Text),
)

vectors = Table(
    "vectors",
    metadata,
    _listener(key=True),
    Column("model_version", Text, primary_key=True, index=True),
    Column("embedding", HALFVEC()),
    Column("own_embedding", HALFVEC()),
    Column("weighed", LargeBinary),
    Column("rare_items", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Index(
        "ix_vectors_rare_items", "rare_items", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ),  # with fastupdate, searches would scan the pending list
)

grants = Table("grants", metadata, _listener(key=True), Column("ciphertext", LargeBinary, nullable=False))

sessions = Table(
    "sessions",
    metadata,
    _key("session_hash"),
    _listener(indexed=True),
    _moment("begun_at_utc"),
    _moment("expires_at_utc", indexed=True),
)

recovery_keys = Table(
    "recovery_keys",
    metadata,
    _listener(key=True),
    Column("key_hash", Text, nullable=False, unique=True),
    _moment("made_at_utc"),
)

pending_logins = Table(
    "pending_logins",
    metadata,
    _key("state"),
    _text("verifier"),
    _text("browser_hash"),
    _moment("expires_at_utc"),
    _listener(optional=True, indexed=True),
    _yes_or_no("connects", default=False),
)

waiting_sign_ins = Table(
    "waiting_sign_ins",
    metadata,
    _key("browser_hash"),
    Column("ciphertext", LargeBinary, nullable=False),
    _listener(optional=True, indexed=True),
    _moment("expires_at_utc"),
    _yes_or_no("connects", default=False),
)

audio_attributes = Table(
    "audio_attributes",
    metadata,
    _key("lookup_key"),
    Column("attributes", JSONB, nullable=False),
    _text("provenance"),
)

item_ids = Table("item_ids", metadata, _key("kind"), _key("item_key"), _text("spotify_id"))

cooldowns = Table(
    "cooldowns", metadata, _key("app_key"), _moment("until_utc"), Column("quota", Boolean, nullable=False)
)

readings = Table("readings", metadata, _listener(key=True), Column("content", JSONB, nullable=False))

service_names = Table(
    "service_names",
    metadata,
    _listener(key=True),
    _key("origin"),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("proven", Boolean, nullable=False),
)

made_playlists = Table(
    "made_playlists",
    metadata,
    _listener(key=True),
    Column("playlist_id", Text, primary_key=True, index=True),
    _text("content_digest"),
    Column("n_tracks", Integer),
    _moment("made_at_utc"),
)


# ---- what a listener allows, and between listeners ---------------------------------------------------

sharing = Table(
    "sharing",
    metadata,
    _listener(key=True),
    _yes_or_no("artists", default=True),
    _yes_or_no("tracks", default=True),
    _yes_or_no("tags", default=True),
    _yes_or_no("profile_link", default=True),
    _yes_or_no("cards", default=False),
)

facets = Table(
    "facets",
    metadata,
    _listener(key=True),
    _key("facet_id"),
    Column("shared", Boolean, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    *_pair("other_id"),
    _moment("asked_at_utc"),
    _moment("agreed_at_utc", optional=True),
    CheckConstraint("listener_id <> other_id", name="not_oneself"),
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
    *_pair("blocked_id"),
    _moment("blocked_at_utc"),
    CheckConstraint("listener_id <> blocked_id", name="not_oneself"),
)

reports = Table("reports", metadata, *_pair("reported_id"), _text("reason"), _moment("reported_at_utc"))

declined = Table(
    "declined",
    metadata,
    *_pair("other_id"),
    Column("n_times", SmallInteger, nullable=False),
    _moment("declined_at_utc"),
)

safeguards = Table(
    "safeguards",
    metadata,
    _number(),
    _text("kind"),
    _text("by_fingerprint", indexed=True),
    _perhaps_listener("by_id"),
    _text("about_fingerprint", indexed=True),
    _perhaps_listener("about_id"),
    _moment("happened_at_utc"),
    Column("reason", Text),
    Column("n_times", SmallInteger),
    _moment("erased_at_utc"),
)

# ---- taste -------------------------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    _listener(key=True),
    _key("origin"),
    _moment("read_at_utc"),
    Column("proven", Boolean, nullable=False),
)

libraries = Table(
    "libraries",
    metadata,
    _listener(key=True),
    _key("origin"),
    Column("content", LargeBinary, nullable=False),
)

training_consents = Table(
    "training_consents",
    metadata,
    _listener(key=True),
    _key("origin"),
    _moment("agreed_at_utc"),
    # a source that is removed takes the consent with it
    ForeignKeyConstraint(
        ["listener_id", "origin"],
        ["sources.listener_id", "sources.origin"],
        name="fk_training_consents_source",
        ondelete="CASCADE",
    ),
)

exclusions = Table(
    "exclusions", metadata, _listener(key=True), _key("kind"), _key("value"), _moment("excluded_at_utc")
)

taste_pace = Table(
    "taste_pace",
    metadata,
    _number(),
    _listener(indexed=True),
    _text("act"),
    _text("what"),
    _moment("happened_at_utc", indexed=True),
)

# ---- what happened -----------------------------------------------------------------------------------

feedback = Table(
    "feedback",
    metadata,
    _number(),
    _listener(indexed=True),
    _listener("other_id", indexed=True),
    Column("score", SmallInteger, nullable=False),
    _text("model_version"),
    _moment("given_at_utc"),
)

match_history = Table(
    "match_history",
    metadata,
    _listener(key=True),
    Column("seen_at_utc", DateTime(timezone=True), primary_key=True),
    _listener("other_id", key=True, indexed=True),
    Column("rank", Integer, nullable=False),
    Column("score", Double, nullable=False),
    _text("my_digest"),
    _text("their_digest"),
    _text("model_version"),
)

audit = Table(
    "audit",
    metadata,
    _number(),
    _moment("happened_at_utc", indexed=True),
    _text("action"),
    _listener(optional=True, indexed=True),
    Column("details", JSONB, nullable=False),
)

model_versions = Table(
    "model_versions",
    metadata,
    _key("model_version"),
    _text("state"),
    _moment("changed_at_utc"),
    _moment("first_served_at_utc", optional=True),
    Column("metrics", JSONB, nullable=False),
)
Index(
    "ux_model_versions_serving",
    model_versions.c.state,
    unique=True,
    postgresql_where=model_versions.c.state == "serving",
)

attribute_cache = Table(
    "attribute_cache",
    metadata,
    _key("lookup_key"),
    Column("attributes", JSONB),
    _text("provenance"),
    _moment("fetched_at_utc", indexed=True),
)


def columns_of_a_listener() -> tuple[Column[object], ...]:
    """Columns whose rows are deleted when the listener in them is erased."""
    # rows that refer to other rows first: deleted with those, they would not be counted
    return tuple(key.parent for key in reversed(_keys_of_listeners()) if key.ondelete == "CASCADE")


def columns_that_name_a_listener() -> tuple[Column[object], ...]:
    """Columns that refer to a listener, for exports."""
    return tuple(key.parent for key in _keys_of_listeners())


def by_others() -> tuple[Column[object], ...]:
    """Columns of a listener others acted on; exports to that listener omit these."""
    dealt_with = (blocks.c.blocked_id, reports.c.reported_id, safeguards.c.about_id)
    return (*dealt_with, feedback.c.other_id, match_history.c.other_id)


def _keys_of_listeners() -> list[ForeignKey]:
    keys = (key for table in metadata.sorted_tables for key in table.foreign_keys)
    return [key for key in keys if key.column is listeners.c.id]
