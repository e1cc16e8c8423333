"""OpenID Connect: the authorization code flow with PKCE, state and nonce, against one provider (OpenID Connect Core 3.1)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.connectors.outside import Outsider, RoleMapping, bad_value, mapping_from, refused
from service.rules.refusals import Unavailable

SECONDS = 10  # for each request to the provider
KNOWN_SECONDS = 3600  # its addresses are asked for again after this
ALGORITHMS = ["RS256", "PS256", "ES256"]  # never `none`, never a shared secret
LEEWAY = 60  # seconds two clocks may differ
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Where to send the browser, and what has to come back with it; kept in the signed cookie meanwhile."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(kw_only=True)
class OidcProvider:
    """One provider. `second_factor`: it asks for one itself; `name`: as the sign-in page calls it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    mapping: RoleMapping
    scopes: str = "openid profile"
    username_claim: str = "preferred_username"
    groups_claim: str = "groups"
    second_factor: bool = False
    clock: Callable[[], float] = time.time
    _known: tuple[float, dict[str, Any]] = field(default=(0.0, {}), repr=False)

    def begin(self, redirect_uri: str) -> Begun:
        """Refused: Unavailable OIDC_UNREACHABLE."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"), state=state, nonce=nonce, code_verifier=verifier
            )
        return Begun(address=address, state=state, nonce=nonce, verifier=verifier)

    def finish(self, redirect_uri: str, code: str, *, nonce: str, verifier: str) -> Outsider:
        """Who the provider says it is; the state is compared before. Refused: Unauthenticated OIDC_REFUSED, Unavailable
        OIDC_UNREACHABLE."""
        try:
            with self._client(redirect_uri) as client:
                given = client.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=SECONDS,
                )
            claims = self._verified(str(given.get("id_token", "")), nonce)
        except requests.RequestException as error:
            raise _unreachable() from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            raise refused() from error
        groups = claims.get(self.groups_claim, ())
        username, subject = claims.get(self.username_claim), claims.get("sub")
        if not isinstance(username, str) or not isinstance(subject, str) or not subject:
            raise refused()
        return Outsider(
            issuer=self.issuer,
            subject=subject[:200],
            username=username.strip().lower(),
            name=str(claims.get("name") or username)[:60],
            groups=tuple(str(one) for one in groups) if isinstance(groups, list) else (),
        )

    def _verified(self, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token: signature by a key of the provider, issuer, audience, time, nonce."""
        keys = KeySet.import_key_set({"keys": self._get(self._endpoint("jwks_uri"))["keys"]})
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(self.clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        return claims

    def _endpoint(self, name: str) -> str:
        """An address of the provider, as it publishes them."""
        until, known = self._known
        if time.monotonic() >= until:
            known = self._get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if known.get("issuer") != self.issuer:
                raise _unreachable()
            self._known = (time.monotonic() + KNOWN_SECONDS, known)
        return str(known[name])

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=SECONDS)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise _unreachable() from error
        return found

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope=self.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )


def oidc_from(given: Mapping[str, str]) -> OidcProvider | None:
    """The provider of LIANBAN_OIDC_* variables, None without an issuer. Refused: Invalid SETTING_INVALID."""
    issuer = given.get("LIANBAN_OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    local = issuer.startswith(("http://127.0.0.1", "http://localhost"))
    if not issuer.startswith("https://") and not local:
        raise bad_value("LIANBAN_OIDC_ISSUER", "https://…", issuer)
    client_id = given.get("LIANBAN_OIDC_CLIENT_ID", "").strip()
    if not client_id:
        raise bad_value("LIANBAN_OIDC_CLIENT_ID", "…", "")
    return OidcProvider(
        issuer=issuer,
        client_id=client_id,
        client_secret=given.get("LIANBAN_OIDC_CLIENT_SECRET", ""),
        name=given.get("LIANBAN_OIDC_NAME", "").strip(),
        mapping=mapping_from("LIANBAN_OIDC_ROLES", given.get("LIANBAN_OIDC_ROLES", "")),
        scopes=given.get("LIANBAN_OIDC_SCOPES", "").strip() or "openid profile",
        username_claim=given.get("LIANBAN_OIDC_USERNAME_CLAIM", "").strip() or "preferred_username",
        groups_claim=given.get("LIANBAN_OIDC_GROUPS_CLAIM", "").strip() or "groups",
        second_factor=given.get("LIANBAN_OIDC_SECOND_FACTOR", "").strip().lower() in TRUE_WORDS,
    )


def _unreachable() -> Unavailable:
    return Unavailable("OIDC_UNREACHABLE", "现在连接不上统一身份认证，请稍后再试，或用本系统的密码登录。")
