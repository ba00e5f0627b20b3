from rest_framework import mixins, viewsets

from projects.cycles import serializers
from projects.cycles.models import Cycle


class CycleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Cycle]):
    queryset = Cycle.objects.all()
    serializer_class = serializers.CycleSerializer
