from django.apps import AppConfig

from projects.immutability import keep_sealed
from scoring.seals import SEALS


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "Panel and ranking"

    def ready(self) -> None:
        keep_sealed(self, SEALS)
