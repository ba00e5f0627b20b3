"""``manage.py mcp``: the assistant's tools on standard input and output."""

import logging
import os
import sys
from typing import Any

import anyio
from django.core.management.base import BaseCommand, CommandError

from projects.tokens.models import Token
from projects.tokens.services import Refused, token_of


class Command(BaseCommand):
    help = "Serve an assistant on standard input and output, with the token in PRIORITIZER_TOKEN."

    def handle(self, *_args: Any, **_options: Any) -> None:
        key = os.environ.get("PRIORITIZER_TOKEN", "").strip()
        if not key:
            raise CommandError("Set PRIORITIZER_TOKEN to a token: API tokens, in your menu.")
        try:
            token = token_of(key)
        except Refused as error:
            raise CommandError(f"PRIORITIZER_TOKEN: {error}") from None
        # What is said on standard output is the protocol's alone.
        logging.basicConfig(stream=sys.stderr, force=True)
        anyio.run(_serve, token, key)


async def _serve(token: Token, key: str) -> None:
    from mcp.server.stdio import stdio_server

    from prioritizer.assistant.server import server_for

    server = server_for(token, key)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
