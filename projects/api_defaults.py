"""What every list of the API does unless it says otherwise."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request


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
