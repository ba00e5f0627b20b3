from rest_framework import serializers

from projects.people.models import Team, User


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["id", "name", "function"]


class PersonSerializer(serializers.ModelSerializer[User]):
    name = serializers.CharField(source="__str__", read_only=True)
    team = serializers.CharField(source="team.name", default=None, read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name", "team"]
