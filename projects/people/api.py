from rest_framework import mixins, viewsets

from projects.people import serializers
from projects.people.models import Team, User


class TeamViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Team]):
    queryset = Team.objects.all()
    serializer_class = serializers.TeamSerializer


class PersonViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[User]):
    """Active people, to choose owners from."""

    queryset = User.objects.filter(is_active=True, is_service=False).select_related("team")
    serializer_class = serializers.PersonSerializer
