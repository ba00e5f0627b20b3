"""Handing one event to its receiver: signed, to an address outside, without redirects."""

import hashlib
import hmac
import json
import socket
from base64 import b64encode
from datetime import UTC, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks import Webhook as Signer
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from jobs.models import Message
from jobs.services.mail import Refused
from projects.events.models import Webhook

TIMEOUT = 10.0  # seconds
BOTH_SECRETS = timedelta(days=1)  # that a secret is still used after its successor was made
GONE = 410  # the receiver's way to say: never again
PORTS = {"https": 443, "http": 80}


def deliver(message: Message) -> None:
    """Post the message, or raise: ``Refused`` when it will never go, ``OSError`` when later.

    A receiver may get an event twice, under the same ``webhook-id``: whether it took one whose
    answer was lost cannot be known.
    """
    hook = Webhook.objects.get(pk=message.payload["webhook"])
    if hook.ended_at is not None:
        raise Refused("the webhook is switched off")
    body = json.dumps(message.payload["body"])
    try:
        status = _post(hook.url, body, _headers(hook, message, body))
    except OSError as error:
        if message.payload.get("test"):
            raise Refused(f"{type(error).__name__}, {error}") from error
        raise
    if status == GONE:
        raise Refused("the receiver answered 410, which means never again")
    if not 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls a success
        said = f"the receiver answered {status}"
        raise Refused(said) if message.payload.get("test") else ConnectionError(said)


def check_address(url: str) -> SplitResult:
    """The parts of an address that may be used. Errors: ``url``, with the mend."""
    inside = settings.WEBHOOKS_INSIDE
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValidationError({"url": "Give a whole address, https://…"}) from None
    if parts.scheme not in (("https", "http") if inside else ("https",)) or not parts.hostname:
        raise ValidationError({"url": "Give a whole address, https://…"})
    if parts.username or parts.password or parts.fragment or port == 0:
        raise ValidationError({"url": "Without a user name, a password or a #."})
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        return parts
    if not (address.is_global or inside):
        raise ValidationError({"url": "This address lies inside the network."})
    return parts


def secrets_of(hook: Webhook) -> list[str]:
    """The secrets that sign now, the newest first.

    The former one counts for a day after a change, former secret keys as long as they are kept.
    """
    generations = [hook.generation]
    if hook.rotated_at is not None and timezone.now() - hook.rotated_at < BOTH_SECRETS:
        generations.append(hook.generation - 1)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_secret(key, hook.pk, number) for key in keys for number in generations]


def _secret(key: str, pk: int, generation: int) -> str:
    made = hmac.new(key.encode(), f"webhook:{pk}:{generation}".encode(), hashlib.sha256)
    return f"whsec_{b64encode(made.digest()).decode()}"


def _headers(hook: Webhook, message: Message, body: str) -> dict[str, str]:
    now, name = timezone.now().astimezone(UTC), message.payload["id"]
    signed = [Signer(secret).sign(name, now, body) for secret in secrets_of(hook)]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Prioritizer-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _post(url: str, body: str, headers: dict[str, str]) -> int:
    """The status that the receiver answers. Its body is not read, a redirect not followed."""
    try:
        parts = check_address(url)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    # The name is looked up once, judged, and that very address is called: a second look-up could
    # lead elsewhere.
    found = _outside(host, port)
    timeout, path = Timeout(total=TIMEOUT), parts._replace(scheme="", netloc="").geturl() or "/"
    pool: Any
    if parts.scheme == "https":
        pool = HTTPSConnectionPool(
            found,
            port,
            timeout=timeout,
            server_hostname=host,
            assert_hostname=host,
            cert_reqs="CERT_REQUIRED",
        )
    else:
        pool = HTTPConnectionPool(found, port, timeout=timeout)
    with pool:
        try:
            answer = pool.urlopen(
                "POST",
                path,
                body=body.encode(),
                headers=headers | {"Host": parts.netloc},
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except HTTPError as error:
            raise ConnectionError(str(error)) from error
        status: int = answer.status
        answer.close()
    return status


def _outside(host: str, port: int) -> str:
    """The first address of the host; ``ConnectionError`` if any of them lies inside the network."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise ConnectionError(f"the name {host} is not known") from None
    found = [str(row[4][0]) for row in rows]
    if not settings.WEBHOOKS_INSIDE and not all(ip_address(one).is_global for one in found):
        raise ConnectionError(f"{host} lies inside the network")
    return found[0]
