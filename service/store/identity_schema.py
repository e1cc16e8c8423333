"""Tables of signing in: sessions, addresses with failures, earlier passwords, second factors, tokens of programs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

web_session = Table(  # somebody signed in at a browser; ended when it says so, idle, too old, or of an older stamp
    "web_session",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of what the cookie holds
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("stamp", Integer, nullable=False),  # person.stamp when the password was verified
    Column("methods", String(60), nullable=False),  # password, password totp, oidc, …
    Column("address", String(45), nullable=False, server_default=""),
    Column("agent", String(200), nullable=False, server_default=""),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),  # of the last request, to the minute
    Column("ended_at", Instant),
)

address_failure = Table(  # failed sign-ins from one network address, whatever the name
    "address_failure",
    metadata,
    Column("address", String(45), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("locked_until", Instant),
)

past_password = Table(  # the last few, so that nobody goes back to one
    "past_password",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("set_at", Instant, primary_key=True),
    Column("password_hash", Text, nullable=False),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # rules.vocabulary.FactorKind
    Column("name", String(60), nullable=False, server_default=""),
    Column("detail", Json, nullable=False),  # the salt its secret follows from
    Column("counter", BigInteger, nullable=False, server_default="0"),  # of the last use; nothing older is taken
    Column("added_at", Instant, nullable=False),
    Column("confirmed_at", Instant),  # None: shown, but no code of it was given yet
    Column("used_at", Instant),
)

recovery_code = Table(  # each works once, when the second factor is lost
    "recovery_code",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("used_at", Instant),
)

outside_identity = Table(  # who somebody is at a provider or directory; one account may have several
    "outside_identity",
    metadata,
    Column("issuer", String(200), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("linked_at", Instant, nullable=False),
)

api_token = Table(  # what a program shows instead of a password; the token itself is not kept
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("scopes", Json, nullable=False),  # rules.token_scopes
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", String(60)),
)
