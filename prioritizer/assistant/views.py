"""The protocol over HTTP: each request stands alone, answered in JSON."""

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from projects.problems import MEDIA_TYPE, problem
from projects.tokens.models import Token
from projects.tokens.services import Refused, token_of

Message = MutableMapping[str, Any]


@csrf_exempt  # a token is no cookie: nobody sends it by accident
@require_POST
def mcp(request: HttpRequest) -> HttpResponse:
    """Streamable HTTP for a program with a token. There is no session and nothing to stream."""
    word, _, key = request.headers.get("Authorization", "").partition(" ")
    try:
        token = token_of(key.strip() if word.lower() == "bearer" else "")
    except Refused as error:
        return JsonResponse(
            problem(HTTPStatus.UNAUTHORIZED, str(error)),
            status=HTTPStatus.UNAUTHORIZED,
            content_type=MEDIA_TYPE,
            headers={"WWW-Authenticate": 'Bearer realm="Prioritizer"'},
        )
    return async_to_sync(_served)(request, token, key.strip())


async def _served(request: HttpRequest, token: Token, key: str) -> HttpResponse:
    # The protocol's libraries take a second to load, which no other request should pay for.
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from prioritizer.assistant.server import server_for

    sent, response = False, HttpResponse()

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            for name, value in message.get("headers", ()):
                response[name.decode("latin-1")] = value.decode("latin-1")
        else:
            response.write(message.get("body", b""))

    manager = StreamableHTTPSessionManager(
        server_for(token, key), json_response=True, stateless=True
    )
    async with manager.run():
        await manager.handle_request(_scope(request), receive, send)
    return response


def _scope(request: HttpRequest) -> Message:
    """The request as ASGI describes it."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in request.headers.items()
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": request.META.get("QUERY_STRING", "").encode(),
        "root_path": "",
        "headers": headers,
        "server": (request.get_host(), None),
        "client": (request.META.get("REMOTE_ADDR", ""), 0),
    }
