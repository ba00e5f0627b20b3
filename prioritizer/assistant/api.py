"""Asking the API from inside, through the whole site, as a program with a token does."""

import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` as JSON says it; a refusal is a problem with ``detail`` and perhaps ``errors``."""

    status: int
    body: Any

    @property
    def is_refused(self) -> bool:
        return self.status >= 400  # noqa: PLR2004 - what HTTP calls an error

    @property
    def sentence(self) -> str:
        """A refusal in words, with what is wrong at each field."""
        if not isinstance(self.body, dict):
            return f"Refused with {self.status}."
        wrong = [
            f"{name}: {' '.join(texts)}" for name, texts in self.body.get("errors", {}).items()
        ]
        return " ".join([str(self.body.get("detail", "")), *wrong]).strip()


def ask(
    token: str, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None
) -> Answer:
    """One request to ``path`` below the API, with the token's rights and at its pace."""
    site, content = urlsplit(settings.SITE_URL), b"" if body is None else json.dumps(body).encode()
    secure = settings.SECURE_SSL_REDIRECT
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": f"{PREFIX}{path}",
        "QUERY_STRING": urlencode(query or {}, doseq=True),
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if secure else 80)),
        "HTTP_HOST": site.netloc,
        "HTTP_ACCEPT": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_X_FORWARDED_PROTO": "https" if secure else "http",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(content),
        "wsgi.url_scheme": "https" if secure else "http",
    }
    response = _site().get_response(WSGIRequest(environ))
    text = getattr(response, "content", b"")
    return Answer(response.status_code, json.loads(text) if text else None)


@cache
def _site() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
