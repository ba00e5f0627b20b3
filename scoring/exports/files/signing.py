"""The installation's signature under an export (docs/decisions/0008).

The key is made from the secret key of the installation, so there is nothing more to keep. Whoever
has the public half can tell, far from the database, whether a file is as it was written here.
"""

import hashlib
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings
from django.utils.crypto import salted_hmac

PURPOSE = "prioritizer.exports.signature"


def public_key() -> str:
    """The public half of the key that signs now, 64 hexadecimal figures."""
    return _key(settings.SECRET_KEY).public_key().public_bytes_raw().hex()


def known_keys() -> list[str]:
    """This key, and those of former secret keys that are still accepted."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_key(secret).public_key().public_bytes_raw().hex() for secret in secrets]


def signed(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with the public key and the signature over it."""
    whole = statement | {"key": public_key()}
    signature = _key(settings.SECRET_KEY).sign(_bytes(whole)).hex()
    return whole | {"signature": signature}


def holds(document: dict[str, Any]) -> bool:
    """Whether the signature of ``document`` fits what it says, under the key that it names."""
    statement = {name: part for name, part in document.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(document["key"])))
        key.verify(bytes.fromhex(str(document["signature"])), _bytes(statement))
    except (InvalidSignature, KeyError, ValueError, TypeError):
        return False
    return True


def _bytes(statement: dict[str, Any]) -> bytes:
    """Canonical JSON, hashed: keys sorted, no spaces, UTF-8."""
    return hashlib.sha256(orjson.dumps(statement, option=orjson.OPT_SORT_KEYS)).digest()


def _key(secret: str | bytes) -> Ed25519PrivateKey:
    seed = salted_hmac(PURPOSE, "ed25519", secret=secret, algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
