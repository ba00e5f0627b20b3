"""The server of the protocol: tools and texts, for one token."""

import json
import re
from pathlib import Path

import mcp_types as types
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from jsonschema import Draft202012Validator, ValidationError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from prioritizer.assistant.api import Answer, ask
from prioritizer.assistant.tools import TOOLS
from projects.audit.services import record
from projects.tokens.models import Token

DOCS = settings.BASE_DIR / "docs"
PAGES = [DOCS / "user" / "words.md", *sorted((DOCS / "method").glob("*.md"))]
FRAMEWORK = "prioritizer://framework"
INSTRUCTIONS = (
    "Prioritizer ranks joint proposals of Marketing and customer experience in one shared backlog. "
    "Every number comes from a sealed run: quote it as it is given, with its range, and name the "
    "run. Null is missing, never zero. Signing, submitting, judging, voting and deciding are for "
    "people: say who does it, and where."
)
Context = ServerRequestContext[object]


def server_for(token: Token, key: str) -> Server[object]:
    """A server that acts with the rights of one token. ``key`` is what the token's owner sent."""

    async def list_tools(
        _context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name) for name in TOOLS])

    async def call_tool(
        _context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        return await sync_to_async(_called)(token, key, params.name, params.arguments or {})

    async def list_resources(
        _context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=_resources())

    async def read_resource(
        _context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        try:
            text, kind = await sync_to_async(_text)(key, uri)
        except ValueError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        content = types.TextResourceContents(uri=uri, text=text, mime_type=kind)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "prioritizer",
        title="Prioritizer",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _described(name: str) -> types.Tool:
    tool = TOOLS[name]
    return types.Tool(
        name=name,
        description=tool.says,
        input_schema=tool.schema,
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.writes, destructive_hint=False, open_world_hint=False
        ),
    )


def _called(token: Token, key: str, name: str, said: dict[str, object]) -> types.CallToolResult:
    """The tool's answer; what is wrong comes back as a sentence for the assistant to mend."""
    tool = TOOLS.get(name)
    if tool is None:
        return _result(f"There is no tool {name}. There are: {', '.join(TOOLS)}.", wrong=True)
    wrong = [_wrong(error) for error in Draft202012Validator(tool.schema).iter_errors(said)]
    if wrong:
        return _result(" ".join(wrong), wrong=True)
    close_old_connections()  # on stdio one process outlives a restart of the database
    record(actor=token.person, action="assistant.call", subject=f"token:{token.pk}", tool=name)
    answer: Answer = tool.run(key, dict(said))
    if answer.is_refused:
        return _result(answer.sentence, wrong=True)
    return _result(json.dumps(answer.body), body=answer.body)


def _wrong(error: ValidationError) -> str:
    """What is wrong, with the name of the argument."""
    return f"{'.'.join(map(str, error.absolute_path)) or 'arguments'}: {error.message}."


def _result(text: str, *, body: object = None, wrong: bool = False) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(text=text)],
        structured_content=body if isinstance(body, dict) else None,
        is_error=wrong,
    )


def _resources() -> list[types.Resource]:
    pages = [
        types.Resource(
            uri=_uri(page), name=page.stem, title=_title(page), mime_type="text/markdown"
        )
        for page in PAGES
    ]
    framework = types.Resource(
        uri=FRAMEWORK,
        name="framework",
        title="The framework in force: dimensions, criteria, weights, rules",
        mime_type="application/json",
    )
    return [framework, *pages]


def _text(key: str, uri: str) -> tuple[str, str]:
    """(text, kind) of a resource. Errors: ``ValueError`` with what to tell."""
    if uri == FRAMEWORK:
        found = ask(key, "GET", "/framework-versions/")
        if found.is_refused:
            raise ValueError(found.sentence)
        in_force = [row for row in found.body["results"] if row["status"] == "published"]
        return json.dumps(in_force), "application/json"
    page = next((page for page in PAGES if _uri(page) == uri), None)
    if page is None:
        raise ValueError("There is no such text.")
    return page.read_text(encoding="utf-8"), "text/markdown"


def _uri(page: Path) -> str:
    return f"prioritizer://{page.parent.name}/{page.stem}"


def _title(page: Path) -> str:
    heading = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return heading.group(1) if heading else page.stem
