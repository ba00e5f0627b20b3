"""``manage.py mcp``: the assistant's tools on standard input and output."""

import logging
import os
import sys
from typing import Any

import anyio
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandError

from projects.tokens.services import Refused, token_of


class Command(BaseCommand):
    help = "Serve an assistant on standard input and output, with the token in PRIORITIZER_TOKEN."

    def handle(self, *_args: Any, **_options: Any) -> None:
        key = os.environ.get("PRIORITIZER_TOKEN", "").strip()
        if not key:
            raise CommandError("Set PRIORITIZER_TOKEN to a token: API tokens, in your menu.")
        # What is said on standard output is the protocol's alone.
        logging.basicConfig(stream=sys.stderr, force=True)
        anyio.run(_serve, key)


async def _serve(key: str) -> None:
    from mcp.server.stdio import stdio_server

    from prioritizer.assistant.server import server_for

    try:
        token = await sync_to_async(token_of)(key)
    except Refused as error:
        raise CommandError(f"PRIORITIZER_TOKEN: {error}") from None
    server = server_for(token, key)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
