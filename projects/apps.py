from django.apps import AppConfig

from projects.immutability import Seal, keep_sealed

SEALS = [
    Seal("projects_revision"),
    Seal("projects_auditentry"),
    Seal("projects_segmentfigure"),
    Seal("projects_insight"),
    Seal("projects_persona"),
    Seal("projects_kpivalue"),
    # A signature may be voided, once, and nothing else about it changes.
    Seal(
        "projects_signature",
        when="OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL "
        "OR NEW.signer_id <> OLD.signer_id OR NEW.revision_id <> OLD.revision_id "
        "OR NEW.function <> OLD.function OR NEW.signed_at <> OLD.signed_at",
    ),
]


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Intake"

    def ready(self) -> None:
        keep_sealed(self, SEALS)
