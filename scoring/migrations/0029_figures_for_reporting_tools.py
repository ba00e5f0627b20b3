"""Views for reporting tools, on PostgreSQL; what they hold nobody has to be kept from.

A later migration that changes a column below them drops them first and makes them again.
"""

from django.db import migrations

VIEWS = {
    # The newest of each cycle; not while it could tell a panelist of the others' scores.
    "bi_runs": """
        SELECT DISTINCT ON (run.cycle_id)
               run.id AS run, cycle.name AS cycle,
               (run.finished_at AT TIME ZONE 'UTC')::date AS ranked_on,
               version.number AS framework_version, run.result_digest
        FROM scoring_rankingrun run
        JOIN projects_cycle cycle ON cycle.id = run.cycle_id
        JOIN scoring_frameworkversion version ON version.id = run.framework_version_id
        WHERE run.status = 'done' AND NOT EXISTS (
            SELECT 1 FROM scoring_rankedproposal ranked
            JOIN projects_proposal proposal ON proposal.id = ranked.proposal_id
            JOIN projects_cycle own ON own.id = proposal.cycle_id
            WHERE ranked.run_id = run.id AND proposal.status = 'submitted' AND own.is_current
        )
        ORDER BY run.cycle_id, run.id DESC
    """,
    "bi_proposals": """
        SELECT proposal.reference, proposal.title, cycle.name AS cycle, cycle.currency,
               proposal.category AS type, proposal.status, marketing.name AS marketing_team,
               cx.name AS cx_team, (proposal.submitted_at AT TIME ZONE 'UTC')::date AS submitted_on
        FROM projects_proposal proposal
        JOIN projects_cycle cycle ON cycle.id = proposal.cycle_id
        JOIN projects_user one ON one.id = proposal.marketing_owner_id
        JOIN projects_user other ON other.id = proposal.cx_owner_id
        LEFT JOIN projects_team marketing ON marketing.id = one.team_id
        LEFT JOIN projects_team cx ON cx.id = other.team_id
        WHERE proposal.status NOT IN ('draft', 'withdrawn')
    """,
    "bi_results": """
        SELECT newest.run, newest.cycle, newest.ranked_on, ranked.reference, ranked.title,
               ranked.marketing_team, ranked.cx_team, ranked.rank, ranked.rank_low AS rank_p10,
               ranked.rank_high AS rank_p90, ranked.line, ranked.p_top, ranked.p_funded,
               ranked.score, ranked.value, ranked.coverage, ranked.roi, ranked.roi_p10,
               ranked.roi_p50, ranked.roi_p90, ranked.p_loss, ranked.stated_roi, ranked.benefit,
               ranked.cost, ranked.impact, ranked.roi_rank, ranked.impact_rank
        FROM scoring_rankedproposal ranked
        JOIN bi_runs newest ON newest.run = ranked.run_id
    """,
    "bi_contributions": """
        SELECT newest.run, newest.cycle, ranked.reference,
               run.facts -> 'criteria' -> (part.place - 1)::int ->> 'name' AS criterion,
               run.facts -> 'criteria' -> (part.place - 1)::int ->> 'dimension' AS dimension,
               (part.item ->> 0)::double precision AS weight,
               (part.item ->> 3)::double precision AS contribution
        FROM scoring_rankedproposal ranked
        JOIN bi_runs newest ON newest.run = ranked.run_id
        JOIN scoring_rankingrun run ON run.id = ranked.run_id
        CROSS JOIN LATERAL jsonb_array_elements(ranked.contributions)
            WITH ORDINALITY AS part (item, place)
    """,
    "bi_decisions": """
        SELECT decision.id AS decision, proposal.reference, cycle.name AS cycle,
               (decision.decided_at AT TIME ZONE 'UTC')::date AS decided_on, decision.outcome,
               decision.override_code AS why_not_the_ranking, decision.reason
        FROM scoring_decision decision
        JOIN projects_proposal proposal ON proposal.id = decision.proposal_id
        JOIN projects_cycle cycle ON cycle.id = proposal.cycle_id
    """,
    "bi_outcomes": """
        SELECT DISTINCT ON (report.proposal_id)
               proposal.reference, cycle.name AS cycle, report.as_of, report.state, report.spent,
               report.brought, report.finish, report.link
        FROM scoring_report report
        JOIN projects_proposal proposal ON proposal.id = report.proposal_id
        JOIN projects_cycle cycle ON cycle.id = proposal.cycle_id
        ORDER BY report.proposal_id, report.as_of DESC, report.id DESC
    """,
}


def make_views(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, query in VIEWS.items():
            schema_editor.execute(f"CREATE VIEW {name} AS {query}")


def drop_views(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in reversed(VIEWS):
            schema_editor.execute(f"DROP VIEW IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0001_squashed_0028_alter_exportjob_format"),
        ("projects", "0020_alter_token_scope"),
    ]
    operations = [migrations.RunPython(make_views, drop_views)]
