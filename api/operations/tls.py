"""A self-signed certificate for `goldenhour demo --lan`: phones give positions only over HTTPS."""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAYS = 365


def ensure_certificate(
    folder: Path, address: str, *, owner: tuple[int, int] | None
) -> tuple[Path, Path]:
    """Return certificate and key for `address`, 127.0.0.1 and localhost, made where missing.

    The files belong to `owner` (uid, gid), whom the server runs as; the key's mode is 0600.
    """
    certificate_file, key_file = folder / f"{address}.crt", folder / f"{address}.key"
    if certificate_file.exists() and key_file.exists():
        stored = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        if stored.not_valid_after_utc > datetime.now(tz=UTC) + timedelta(days=7):
            return certificate_file, key_file
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"GoldenHour {address}")])
    now = datetime.now(tz=UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")),
             x509.IPAddress(ip_address(address))]  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.unlink(missing_ok=True)
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    if owner is not None:
        for path in (folder, certificate_file, key_file):
            os.chown(path, *owner)
    return certificate_file, key_file
