"""Which rows of this app the database itself refuses to change."""

from projects.immutability import Seal

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
IN = (
    "EXISTS (SELECT 1 FROM scoring_scorecard s WHERE s.id = {}.scorecard_id "
    "AND s.status <> 'draft')"
)
SHOWN = (
    "EXISTS (SELECT 1 FROM scoring_round r WHERE r.id = {}.round_id AND r.revealed_at IS NOT NULL)"
)
# Who has to keep out of a proposal for other reasons is the service's rule; whoever owns, signed,
# wrote along or sits in an owner's team gives it no score by SQL either.
OF_ONES_OWN = (
    "EXISTS (SELECT 1 FROM scoring_scorecard s "
    "JOIN projects_proposal p ON p.id = s.proposal_id "
    "JOIN projects_user judge ON judge.id = s.panelist_id "
    "JOIN projects_user owner ON owner.id IN (p.marketing_owner_id, p.cx_owner_id) "
    "WHERE s.id = NEW.scorecard_id AND (judge.id = owner.id OR judge.team_id = owner.team_id "
    "OR EXISTS (SELECT 1 FROM projects_coauthor a "
    "WHERE a.proposal_id = p.id AND a.person_id = judge.id AND a.wrote_at IS NOT NULL) "
    "OR EXISTS (SELECT 1 FROM projects_signature x JOIN projects_revision r "
    "ON r.id = x.revision_id WHERE r.proposal_id = p.id AND x.signer_id = judge.id)))"
)
FROZEN = (
    "framework_id",
    "number",
    "summary",
    "discount_rate",
    "coverage_limit",
    "single_rater_spread",
    "corrects_severity",
    "believes_evidence",
    "prior_roi",
    "prior_spread",
    "cost_uplift",
    "weight_spread",
    "draws",
    "quorum",
    "majority",
    "must_agree",
    "gates",
    "needed_answers",
)
OF_PUBLISHING = ("published_at", "published_by_id")
# Beside a version that was in force before, a draft needs two members' yes to its very text. Who
# has to agree beyond that is the service's rule; this one holds for whoever comes by SQL.
UNRATIFIED = (
    "OLD.status = 'draft' AND NEW.status IN ('ratified', 'published') "
    "AND EXISTS (SELECT 1 FROM scoring_frameworkversion v WHERE v.status <> 'draft') "
    "AND (SELECT COUNT(DISTINCT b.member_id) FROM scoring_ballot b "
    "WHERE b.framework_version_id = OLD.id AND b.text = OLD.version AND b.choice = 'yes') < 2"
)
BORN_IN_FORCE = (
    "NEW.status <> 'draft' "
    "AND EXISTS (SELECT 1 FROM scoring_frameworkversion v WHERE v.status <> 'draft')"
)


def _differ(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


# What the panel ratified comes into force when its cycle is over, and then may only retire.
CHANGED = (
    f"OLD.status <> 'draft' AND ({_differ(FROZEN)} "
    "OR COALESCE(NEW.cost_unit, 0) <> COALESCE(OLD.cost_unit, 0) "
    "OR COALESCE(NEW.second_above, -1) <> COALESCE(OLD.second_above, -1) "
    "OR COALESCE(NEW.evidence_half_life, 0) <> COALESCE(OLD.evidence_half_life, 0) "
    "OR COALESCE(NEW.after_cycle_id, 0) <> COALESCE(OLD.after_cycle_id, 0))"
)
TOO_EARLY = (
    "OLD.status = 'ratified' AND NEW.status = 'published' AND EXISTS "
    "(SELECT 1 FROM projects_cycle c WHERE c.id = OLD.after_cycle_id AND c.is_current)"
)
OUT_OF_TURN = (
    "OLD.status = 'retired' OR "
    "(OLD.status = 'ratified' AND NEW.status NOT IN ('published', 'retired')) OR "
    f"(OLD.status = 'published' AND (NEW.status <> 'retired' OR {_differ(OF_PUBLISHING)}))"
)
SEALS = [
    Seal(
        "scoring_frameworkversion",
        when=f"({CHANGED}) OR {OUT_OF_TURN} OR ({TOO_EARLY}) OR ({UNRATIFIED})",
        insert_when=BORN_IN_FORCE,
    ),
    Seal("scoring_ballot"),
    Seal("scoring_draftcomment"),
    # What waits for a second leader may only end, once.
    Seal(
        "scoring_prepareddecision",
        when="OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR "
        + _differ(("proposal_id", "run_id", "outcome", "reason", "exception", "prepared_by_id"))
        + " OR "
        + _differ(("override_code", "conditions", "why", "creation_key", "prepared_at")),
    ),
    # A declared conflict may only end, once.
    Seal(
        "scoring_declaredconflict",
        when="OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR "
        + _differ(("user_id", "reason", "declared_at"))
        + " OR COALESCE(NEW.person_id, 0) <> COALESCE(OLD.person_id, 0)"
        + " OR COALESCE(NEW.team_id, 0) <> COALESCE(OLD.team_id, 0)",
    ),
    Seal("scoring_weightopinion"),
    *(
        Seal(table, when=rule.format("OLD." + column), insert_when=rule.format("NEW." + column))
        for table, rule, column in (
            ("scoring_dimension", PUBLISHED, "framework_version_id"),
            ("scoring_weightprofile", PUBLISHED, "framework_version_id"),
            ("scoring_dimensionweight", OF_DIMENSION, "dimension_id"),
            ("scoring_criterion", OF_DIMENSION, "dimension_id"),
            ("scoring_level", OF_CRITERION, "criterion_id"),
        )
    ),
    # A scorecard that is in, or given up, stays; its scores come before it is.
    Seal("scoring_scorecard", when="OLD.status <> 'draft'"),
    Seal(
        "scoring_score",
        when=IN.format("OLD"),
        insert_when=f"{IN.format('NEW')} OR {OF_ONES_OWN}",
    ),
    Seal(
        "scoring_question",
        when="OLD.answered_at IS NOT NULL OR " + _differ(("score_id", "asker_id", "text")),
    ),
    # What was said in a meeting stays; an answer can change until all are shown.
    Seal("scoring_meeting", when="OLD.ended_at IS NOT NULL"),
    Seal("scoring_round", when="OLD.revealed_at IS NOT NULL"),
    Seal("scoring_vote", when=SHOWN.format("OLD"), insert_when=SHOWN.format("NEW")),
    Seal("scoring_rankingrun", when="OLD.status = 'done'"),
    Seal("scoring_runsnapshot"),
    Seal("scoring_rankedproposal"),
    Seal("scoring_decision"),
    Seal(
        "scoring_condition",
        when="OLD.met_at IS NOT NULL OR NEW.met_at IS NULL OR NEW.text <> OLD.text "
        "OR NEW.decision_id <> OLD.decision_id OR COALESCE(NEW.owner_id, 0) <> "
        "COALESCE(OLD.owner_id, 0) OR NEW.due <> OLD.due",
    ),
    Seal("scoring_report"),
    Seal("scoring_scenario", when="OLD.adopted_at IS NOT NULL"),
]
