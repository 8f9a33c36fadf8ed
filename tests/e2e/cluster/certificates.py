"""The keys and certificates by which the parts of a cluster know each other, and the kubeconfigs that carry them."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A certificate authority, its certificate in `folder`/ca.crt, and all that it issues beside it."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        """Its own certificate."""
        return self.folder / "ca.crt"

    def issue(self, name: str, subject: str, group: str = "", hosts: Sequence[str] = ()) -> tuple[Path, Path]:
        """A certificate and its key, as files `name`.crt and `name`.key: a server's where `hosts` are named."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        draft = (
            _draft(_name(subject, group), self.certificate.subject, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )
        if hosts:
            draft = draft.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        certificate = draft.sign(self.key, hashes.SHA256())
        file = self.folder / f"{name}.crt"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return file, private(key, self.folder / f"{name}.key")

    def kubeconfig(self, name: str, server: str, subject: str, group: str = "", namespace: str = "default") -> Path:
        """A file by which a program reaches the API server as `subject` of `group`."""
        certificate, key = self.issue(name, subject, group)
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "here", "cluster": {"server": server, "certificate-authority": str(self.file)}}],
            "users": [{"name": "me", "user": {"client-certificate": str(certificate), "client-key": str(key)}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me", "namespace": namespace}}],
        }
        file = self.folder / f"{name}.conf"
        file.write_text(json.dumps(content), "utf-8")
        return file


def authority(folder: Path) -> Authority:
    """A new authority that keeps its files in `folder`."""
    folder.mkdir()
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("graft-tests")
    draft = _draft(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = Authority(folder, key, draft.sign(key, hashes.SHA256()))
    made.file.write_bytes(made.certificate.public_bytes(serialization.Encoding.PEM))
    return made


def private(key: ec.EllipticCurvePrivateKey, file: Path) -> Path:
    """Write a key where only its owner reads it."""
    file.touch(0o600)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return file


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - DAY, now + 7 * DAY
    )


def _name(common: str, group: str = "") -> x509.Name:
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group)] if group else []
    return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
