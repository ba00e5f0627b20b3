from rest_framework import serializers

from projects.notices.models import Notification


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    class Meta:
        model = Notification
        fields = ["id", "text", "url", "created_at", "read_at"]
