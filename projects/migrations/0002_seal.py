from django.db import migrations

from projects.immutability import seal


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        seal("projects_revision"),
        seal("projects_auditentry"),
        # A signature may be voided, once, and nothing else about it changes.
        seal(
            "projects_signature",
            when="OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL "
            "OR NEW.signer_id <> OLD.signer_id OR NEW.revision_id <> OLD.revision_id "
            "OR NEW.function <> OLD.function OR NEW.signed_at <> OLD.signed_at",
        ),
    ]
