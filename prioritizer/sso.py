"""Single sign-on by OpenID Connect, read from the environment: who signs people in, and as what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prioritizer import env

SHAPE = 'It is a JSON list like [{"id": "entra", "name": "Acme", "issuer": "https://…", …}].'
NEEDED = ("id", "name", "issuer", "client_id", "client_secret")
SEATS = ("member", "chair")


@dataclass(frozen=True)
class Rights:
    """What membership in a group brings. ``seat`` is empty, "member" or "chair"."""

    team: str = ""
    seat: str = ""
    leader: bool = False
    administrator: bool = False


@dataclass(frozen=True)
class Provider:
    """One OpenID Connect provider.

    ``addresses_verified`` says that it hands out only addresses that it has checked: all, or those
    of the domains listed; otherwise the claim ``email_verified`` must say so.
    ``asks_second_factor`` says that it asks for one itself, so that Prioritizer need not.
    ``groups`` maps groups to rights; without any, rights are given in Prioritizer alone.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    addresses_verified: bool | tuple[str, ...] = False
    asks_second_factor: bool = False
    groups_claim: str = "groups"
    groups: Mapping[str, Rights] | None = None


def providers(name: str) -> dict[str, Provider]:
    """Read the providers from one variable, by their id; raises SettingError."""
    try:
        rows = json.loads(env.text(name, "[]"))
    except ValueError as error:
        raise env.SettingError(name, f"is no JSON: {error}", SHAPE) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise env.SettingError(name, "is no list of providers", SHAPE)
    found = [_provider(name, row) for row in rows]
    if len({provider.id for provider in found}) < len(found):
        raise env.SettingError(name, "has one id twice", "Give each provider an id of its own.")
    return {provider.id: provider for provider in found}


def for_library(found: Mapping[str, Provider]) -> dict[str, Any]:
    """The same as django-allauth reads it."""
    apps = [
        {
            "provider_id": provider.id,
            "name": provider.name,
            "client_id": provider.client_id,
            "secret": provider.client_secret,
            "settings": {
                "server_url": provider.issuer,
                "oauth_pkce_enabled": True,
                "scope": list(provider.scopes),
                "verified_email": list(provider.addresses_verified)
                if isinstance(provider.addresses_verified, tuple)
                else provider.addresses_verified,
            },
        }
        for provider in found.values()
    ]
    return {"openid_connect": {"APPS": apps}}


def _provider(name: str, row: dict[str, Any]) -> Provider:
    missing = [key for key in NEEDED if not row.get(key)]
    if missing:
        raise env.SettingError(name, f"lacks {', '.join(missing)}", SHAPE)
    unknown = sorted(set(row) - set(Provider.__dataclass_fields__))
    if unknown:
        known = ", ".join(Provider.__dataclass_fields__)
        raise env.SettingError(name, f"has “{unknown[0]}”", f"Known are: {known}.")
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    groups = {
        group: _rights(name, group, rights) for group, rights in row.get("groups", {}).items()
    }
    return Provider(**{**row, **lists, "groups": groups})


def _rights(name: str, group: str, row: Any) -> Rights:
    known = Rights.__dataclass_fields__
    if not isinstance(row, dict) or set(row) - set(known):
        mend = f"A group brings some of: {', '.join(known)}."
        raise env.SettingError(name, f"gives “{group}” what does not exist", mend)
    rights = Rights(**row)
    if rights.seat not in ("", *SEATS):
        raise env.SettingError(
            name, f"gives “{group}” a seat that does not exist", "member, chair."
        )
    return rights
