"""What a webhook may call: nothing inside the network, and only who proves the name."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobs.models import Message
from projects.events.services import (
    send_test,
    sending,
)
from projects.models import Webhook
from tests.company import Company
from tests.projects.events.telling import delivered, happened, made
from tests.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "[::1]", "[fd00::1]", "localhost"]
)
def test_nothing_inside_the_network_is_called(
    company: Company, receiver: Receiver, settings: Any, host: str
) -> None:
    hook, _ = made(company, receiver)
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    Webhook.objects.update(url=f"https://{host}:{port}/in")
    settings.WEBHOOKS_INSIDE = False
    send_test(actor=company.admin, webhook=hook)
    delivered()
    assert not receiver.got
    assert "inside the network" in Message.objects.get(kind="webhook").error


def test_the_address_that_was_judged_is_the_one_that_is_called(
    company: Company, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once: a second answer would lead elsewhere."""
    port, asked = int(receiver.url.rpartition(":")[2].partition("/")[0]), []

    def lookup(host: str, *_args: Any, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    made(company, receiver, url=f"http://tracker.example:{port}/in")
    happened(1)
    delivered()
    assert asked[0] == "tracker.example"
    assert set(asked[1:]) <= {"127.0.0.1"}
    assert receiver.got[0][0]["host"] == f"tracker.example:{port}"


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.8")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(ConnectionError, match="inside the network"):
        sending._outside("tracker.example", 443)
    rows.pop()
    assert sending._outside("tracker.example", 443) == "93.184.216.34"


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate that it signed itself, for ``name``."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_certificate_is_checked(
    company: Company, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody known signed it, or it is of another name: nothing is sent; otherwise it is."""
    settings.WEBHOOKS_INSIDE = True
    pem = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with receiving(tls=context) as receiver:
        hook, _ = made(company, receiver, url=receiver.url.replace("127.0.0.1", "localhost"))
        send_test(actor=company.admin, webhook=hook)
        delivered()
        assert "CERTIFICATE_VERIFY_FAILED" in Message.objects.get(kind="webhook").error
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        send_test(actor=company.admin, webhook=hook)
        delivered()
        assert len(receiver.got) == 1
        Webhook.objects.update(url=receiver.url)  # by its number, of which it does not speak
        send_test(actor=company.admin, webhook=hook)
        delivered()
        assert len(receiver.got) == 1
