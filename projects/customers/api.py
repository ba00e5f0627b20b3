from rest_framework import mixins, viewsets

from projects.customers import serializers
from projects.customers.models import JourneyStage, Segment


class JourneyStageViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[JourneyStage]):
    queryset = JourneyStage.objects.all()
    serializer_class = serializers.JourneyStageSerializer


class SegmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Segment]):
    queryset = Segment.objects.all()
    serializer_class = serializers.SegmentSerializer
