"""Readers of environment variables that name the variable and the mend when one is wrong."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
SQLITE = "sqlite"
POSTGRES = frozenset({"postgres", "postgresql"})
QUEUES = frozenset({"redis", "rediss", "redis+socket"})


class SettingError(ImproperlyConfigured):
    """An environment variable is missing or cannot be used."""

    def __init__(self, name: str, problem: str, mend: str) -> None:
        super().__init__(f"{name} {problem}. {mend}")


def text(name: str, default: str | None = None) -> str:
    """Return the variable; an empty one counts as unset. Without a default it must be set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise SettingError(
            name, "is not set", f"Set it in the environment, for example {name}=value."
        )
    return default


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "").lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise SettingError(
        name, f"is {value!r}, which is neither yes nor no", f"Set {name}=1 or {name}=0."
    )


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise SettingError(
            name, f"is {value!r}, not a whole number", f"Set it like {name}={default}."
        ) from None
    if number < minimum:
        raise SettingError(name, f"is {number}", f"Set it to {minimum} or more.")
    return number


def choice(name: str, default: str, choices: list[str]) -> str:
    value = text(name, default)
    if value not in choices:
        raise SettingError(name, f"is {value!r}", f"Use one of: {', '.join(choices)}.")
    return value


def listing(name: str, default: list[str] | None = None) -> list[str]:
    """Return the parts of a comma separated variable."""
    parts = [part.strip() for part in text(name, "").split(",")]
    found = [part for part in parts if part]
    if found:
        return found
    if default is None:
        raise SettingError(
            name, "is not set", f"Set a comma separated list, for example {name}=one,two."
        )
    return default


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def database(name: str, default: str, *, timeouts: Mapping[str, int]) -> dict[str, Any]:
    """Return Django's DATABASES entry for a sqlite:/// or postgres:// address.

    ``timeouts``: PostgreSQL's settings by name, in ms.
    """
    address = text(name, default)
    parts = urlsplit(address)
    if parts.scheme == SQLITE and parts.path not in ("", "/"):
        return _sqlite(parts)
    if parts.scheme in POSTGRES and parts.path not in ("", "/"):
        return _postgres(name, parts, timeouts)
    raise SettingError(
        name,
        "is not a database address that Prioritizer knows",
        "Use postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////absolute/path/to/file.",
    )


def _sqlite(parts: SplitResult) -> dict[str, Any]:
    # Web and worker write at once: only WAL, IMMEDIATE and a long wait together keep every write.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path[1:]),
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


def _postgres(name: str, parts: SplitResult, timeouts: Mapping[str, int]) -> dict[str, Any]:
    try:
        port = parts.port
    except ValueError:
        raise SettingError(
            name, "has a port that is not a number", "Write it like HOST:5432."
        ) from None
    given = " ".join(f"-c {setting}={ms}" for setting, ms in timeouts.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, "options": given, **_options(parts)},
    }


def _options(parts: SplitResult) -> Mapping[str, str]:
    return dict(parse_qsl(parts.query))


def queue(name: str) -> str | None:
    """Return the address of Redis or Valkey, or nothing where no queue is set."""
    address = text(name, "")
    if not address:
        return None
    if urlsplit(address).scheme not in QUEUES:
        raise SettingError(
            name,
            "is not a Redis or Valkey address",
            "Use redis://HOST:6379/0 or redis+socket:///path/to/socket.",
        )
    return address


def kept_secret(path: Path) -> str:
    """Return the secret kept in the file; the first caller makes it, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        # Of several first callers one places its draft; all of them read that one.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
