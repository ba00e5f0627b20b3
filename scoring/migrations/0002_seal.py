from django.db import migrations

from projects.immutability import seal

PUBLISHED = (
    "EXISTS (SELECT 1 FROM scoring_frameworkversion v WHERE v.id = {} AND v.status <> 'draft')"
)
OF_DIMENSION = (
    "EXISTS (SELECT 1 FROM scoring_frameworkversion v JOIN scoring_dimension d "
    "ON d.framework_version_id = v.id WHERE d.id = {} AND v.status <> 'draft')"
)
OF_CRITERION = (
    "EXISTS (SELECT 1 FROM scoring_frameworkversion v JOIN scoring_dimension d "
    "ON d.framework_version_id = v.id JOIN scoring_criterion c ON c.dimension_id = d.id "
    "WHERE c.id = {} AND v.status <> 'draft')"
)
FROZEN = (
    "framework_id",
    "number",
    "summary",
    "discount_rate",
    "coverage_limit",
    "single_rater_spread",
    "draws",
    "published_at",
    "published_by_id",
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial"), ("projects", "0002_seal")]

    operations = [
        # A published version may only retire.
        seal(
            "scoring_frameworkversion",
            when="OLD.status <> 'draft' AND (OLD.status = 'retired' OR NEW.status <> 'retired' OR "
            + " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FROZEN)
            + " OR COALESCE(NEW.cost_unit, 0) <> COALESCE(OLD.cost_unit, 0))",
        ),
        *(
            seal(table, when=rule.format("OLD." + column), insert_when=rule.format("NEW." + column))
            for table, rule, column in (
                ("scoring_dimension", PUBLISHED, "framework_version_id"),
                ("scoring_weightprofile", PUBLISHED, "framework_version_id"),
                ("scoring_dimensionweight", OF_DIMENSION, "dimension_id"),
                ("scoring_criterion", OF_DIMENSION, "dimension_id"),
                ("scoring_level", OF_CRITERION, "criterion_id"),
            )
        ),
        seal("scoring_rankingrun", when="OLD.status = 'done'"),
        seal("scoring_runsnapshot"),
        seal("scoring_rankedproposal"),
        seal("scoring_decision"),
    ]
