"""Signing in with the password of a real directory: OpenLDAP's slapd, over TLS, with groups it keeps itself (memberof)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ldap3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.casework.identity.directory import sign_in_anywhere
from service.casework.office import Office
from service.connectors.ldap import LdapDirectory, ldap_from
from service.rules.refusals import Refusal, Unavailable
from tests.casework.identity.test_ldap import NOWHERE, code_of

SLAPD = shutil.which("slapd") or next((path for path in ("/usr/sbin/slapd",) if Path(path).exists()), None)
SCHEMAS = Path("/etc/ldap/schema")
pytestmark = [
    pytest.mark.skipif(not SLAPD or not SCHEMAS.is_dir(), reason="no slapd on this machine (apt install slapd)"),
    # ldap3 asks by a deprecated function, and leaves the socket of a failed handshake to the collector
    pytest.mark.filterwarnings("ignore:ssl.match_hostname", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

GROUP = "cn=approvals,ou=groups,dc=example"
SERVICE = ("cn=lianban,dc=example", "of the service")
CONF = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/ca.pem
TLSCertificateKeyFile {folder}/key.pem
security simple_bind=128
database mdb
suffix "dc=example"
rootdn "cn=lianban,dc=example"
rootpw "of the service"
directory {folder}/db
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
"""
ENTRIES = (
    ("dc=example", ["dcObject", "organization"], {"dc": "example", "o": "云溪市"}),
    ("ou=people,dc=example", ["organizationalUnit"], {"ou": "people"}),
    ("ou=groups,dc=example", ["organizationalUnit"], {"ou": "groups"}),
    *(
        (
            f"uid={uid},ou=people,dc=example",
            ["inetOrgPerson"],
            {"uid": uid, "cn": name, "sn": name[0], "userPassword": "of the directory"},
        )
        for uid, name in (("zhou", "周一帆"), ("li", "李二木"), ("gone", "丁三"))
    ),
    (GROUP, ["groupOfNames"], {"cn": "approvals", "member": ["uid=zhou,ou=people,dc=example"]}),
)


def certificate(folder: Path) -> None:
    """A certificate for localhost that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.TraditionalOpenSSL
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """A directory with three people and one group: its ports with StartTLS and with TLS, and its authority."""
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "db").mkdir()
    certificate(folder)
    (folder / "slapd.conf").write_text(CONF.format(folder=folder, schemas=SCHEMAS), "utf-8")
    plain, secure = _ports()
    where = f"ldap://127.0.0.1:{plain}/ ldaps://127.0.0.1:{secure}/"
    with subprocess.Popen([str(SLAPD), "-f", folder / "slapd.conf", "-h", where, "-d", "0"]) as server:
        try:
            _answered(secure, server)
            tls = ldap3.Tls(ca_certs_file=str(folder / "ca.pem"))
            connection = ldap3.Connection(ldap3.Server(f"ldaps://localhost:{secure}", tls=tls), *SERVICE)
            assert connection.bind()
            for dn, classes, facts in ENTRIES:
                assert connection.add(dn, classes, facts), connection.result
            connection.unbind()
            yield plain, secure, folder / "ca.pem"
        finally:
            server.terminate()


def _answered(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < until and server.poll() is None, "slapd did not start"
            time.sleep(0.1)


def _ports() -> list[int]:
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in (one, two)]


def directory(url: str, authority: Path | None) -> LdapDirectory:
    """As an installation sets it."""
    made = ldap_from(
        {
            "LIANBAN_LDAP_URL": url,
            "LIANBAN_LDAP_BIND_DN": SERVICE[0],
            "LIANBAN_LDAP_BIND_PASSWORD": SERVICE[1],
            "LIANBAN_LDAP_BASE": "dc=example",
            "LIANBAN_LDAP_ROLES": f'{{"{GROUP}": "reviewer_a"}}',
            **({"LIANBAN_LDAP_CA": str(authority)} if authority else {}),
        }
    )
    assert made is not None
    return made


@pytest.mark.parametrize("way", ["ldaps", "starttls"])
def test_a_real_directory_lets_in_with_the_roles_of_its_groups(slapd, office: Office, way: str) -> None:
    plain, secure, authority = slapd
    url = f"ldaps://localhost:{secure}" if way == "ldaps" else f"ldap://localhost:{plain}"
    office.__dict__["directory"] = directory(url, authority)
    actor, how = sign_in_anywhere(office, "zhou", "of the directory", NOWHERE)
    assert (actor.name, actor.roles, how) == ("周一帆", {"reviewer_a"}, "ldap")
    assert code_of(office, "li", "of the directory") == "NO_ROLE_HERE"
    for username, password in (("zhou", "wrong"), ("zhou", ""), ("zh*", "of the directory"), ("nobody", "x")):
        assert code_of(office, username, password) == "SIGN_IN_FAILED"


def test_an_authority_nobody_has_named_is_not_believed(slapd) -> None:
    _, secure, _ = slapd
    with pytest.raises(Unavailable) as refusal:
        directory(f"ldaps://localhost:{secure}", None).verified("zhou", "of the directory")
    assert refusal.value.code == "LDAP_UNREACHABLE"


def test_a_certificate_for_another_host_is_not_believed(slapd) -> None:
    _, secure, authority = slapd
    with pytest.raises(Unavailable):
        directory(f"ldaps://127.0.0.1:{secure}", authority).verified("zhou", "of the directory")


def test_an_authority_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        directory("ldaps://localhost", tmp_path / "none.pem")
    assert refusal.value.code == "SETTING_INVALID" and "LIANBAN_LDAP_CA" in refusal.value.sentence()
