"""What every view of the API does unless it says otherwise: who asks, and by which filters."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class Session(SessionAuthentication):
    """The session of the pages. Who has none is asked to sign in: 401, not 403."""

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the library's signature
        return 'Session realm="Prioritizer"'


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc] # ships no types
    """Refuses a filter by a name that is none, instead of showing the whole list."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        known = {"page", *(filterset.base_filters if filterset else ())}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            allowed = ", ".join(sorted(known))
            sentence = f"There is no such filter. Use some of: {allowed}."
            raise exceptions.ValidationError({name: [sentence] for name in unknown})
        return super().filter_queryset(request, queryset, view)
