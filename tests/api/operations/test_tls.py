"""The demo's own certificate, and a server that answers over HTTPS with it."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from api.operations.tls import ensure_certificate
from api.processes.supervisor import check_tls, runtime_owner
from gis.access import SYSTEM, Grant
from gis.database import Database
from gis.errors import InvalidInputError
from gis.identity import Accounts
from gis.settings import Settings
from tests.serving import serving

ADDRESS = "192.0.2.17"
PASSWORD = "correct horse battery"


def test_the_certificate_names_every_address_it_is_used_by(tmp_path: Path) -> None:
    certificate_file, key_file = ensure_certificate(tmp_path / "tls", ADDRESS, owner=None)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.IPAddress)) == {
        ip_address(ADDRESS), ip_address("127.0.0.1"),
    }  # fmt: skip
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    left = certificate.not_valid_after_utc - datetime.now(tz=UTC)
    assert timedelta(days=300) < left < timedelta(days=398)  # browsers refuse longer ones
    assert key_file.stat().st_mode & 0o777 == 0o600
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    assert key.public_key() == certificate.public_key()


def test_it_is_used_again_until_it_runs_out(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in ensure_certificate(tmp_path, ADDRESS, owner=None)]
    files = ensure_certificate(tmp_path, ADDRESS, owner=None)
    assert [path.read_bytes() for path in files] == first
    expire(*files)
    files[1].chmod(0o644)
    renewed = ensure_certificate(tmp_path, ADDRESS, owner=None)
    certificate = x509.load_pem_x509_certificate(renewed[0].read_bytes())
    assert certificate.not_valid_after_utc > datetime.now(tz=UTC) + timedelta(days=300)
    assert renewed[1].stat().st_mode & 0o777 == 0o600


def expire(certificate_file: Path, key_file: Path) -> None:
    """Replace a certificate by one that has three days left."""
    old = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    short = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(old.issuer)
        .public_key(old.public_key())
        .serial_number(old.serial_number)
        .not_valid_before(old.not_valid_before_utc)
        .not_valid_after(datetime.now(tz=UTC) + timedelta(days=3))
        .sign(key, hashes.SHA256())
    )
    certificate_file.write_bytes(short.public_bytes(serialization.Encoding.PEM))


def test_files_that_cannot_serve_are_refused_before_the_start(tmp_path: Path) -> None:
    certificate, key = ensure_certificate(tmp_path / "a", ADDRESS, owner=None)
    _, other_key = ensure_certificate(tmp_path / "b", ADDRESS, owner=None)
    check_tls(Settings(tls_cert=certificate, tls_key=key))
    for given, words in (
        ({"tls_cert": certificate}, "both"),
        ({"tls_key": key}, "both"),
        ({"tls_cert": certificate, "tls_key": tmp_path / "none.key"}, "none.key was not found"),
        ({"tls_cert": certificate, "tls_key": other_key}, "belong together"),
        ({"tls_cert": key, "tls_key": certificate}, "belong together"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            check_tls(Settings(**given))


@pytest.mark.database
@pytest.mark.acceptance
def test_https_with_a_trusted_certificate_and_a_secure_cookie(
    database: Database, owner_url: str, state_folder: Path
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        Accounts().create_user(uow, "desk", password=PASSWORD, grants=[Grant("dispatcher")])
    certificate, key = ensure_certificate(state_folder / "tls", ADDRESS, owner=runtime_owner())
    if os.geteuid() == 0 and (owner := runtime_owner()) is not None:
        assert (key.stat().st_uid, key.stat().st_gid) == owner
    trust = ssl.create_default_context(cafile=str(certificate))
    arguments = ["--tls-cert", str(certificate), "--tls-key", str(key)]
    with serving(owner_url, state_folder, arguments=arguments, trust=trust) as server:
        assert server.url.startswith("https://127.0.0.1:")
        with httpx2.Client(base_url=server.url, verify=trust) as client:
            page = client.get("/login")
            answer = client.post("/v1/session", json={"username": "desk", "password": PASSWORD})
            assert client.get("/v1/session").json()["user"]["username"] == "desk"
        assert page.status_code == 200
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["Set-Cookie"].lower()
        assert {"secure", "httponly", "samesite=strict"} <= set(cookie.split("; "))
        with (
            httpx2.Client(base_url=server.url) as stranger,
            pytest.raises(httpx2.ConnectError, match="certificate verify failed"),
        ):
            stranger.get("/login")
