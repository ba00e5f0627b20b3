from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.notices import serializers
from projects.notices.models import Notification
from projects.notices.services import mark_all_read
from projects.people.requests import signed_in


class NotificationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notification]):
    """One's own notifications."""

    queryset = Notification.objects.none()
    serializer_class = serializers.NotificationSerializer

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return signed_in(self.request).notifications.all()

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        """Mark all as read."""
        mark_all_read(user=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
