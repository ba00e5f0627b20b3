from django.apps import AppConfig

from projects.immutability import Seal, keep_sealed

SEALS = [
    Seal("projects_revision"),
    Seal("projects_auditentry"),
    Seal("projects_segmentfigure"),
    Seal("projects_insight"),
    Seal("projects_persona"),
    Seal("projects_kpivalue"),
    # A comment may be resolved, once.
    Seal(
        "projects_comment",
        when="OLD.resolved_at IS NOT NULL OR NEW.resolved_at IS NULL OR NEW.text <> OLD.text "
        "OR NEW.author_id <> OLD.author_id OR NEW.proposal_id <> OLD.proposal_id "
        "OR NEW.part <> OLD.part OR NEW.in_draft <> OLD.in_draft",
    ),
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
