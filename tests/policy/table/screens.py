"""The screens of the panel and of the curator, inside the admin."""

from tests.policy import bodies
from tests.policy.rules import (
    ADMIN_ACCESS,
    CURATORS,
    DONE,
    FORBIDDEN,
    INVALID,
    PANEL,
    SHOWN,
    TOLD,
    assigning,
    colleagues,
    judges,
    only,
)
from tests.policy.table.rows import ADMIN, row

SCREENS = [
    row(
        "admin:score",
        ADMIN,
        "proposal",
        GET=judges(SHOWN, decided=FORBIDDEN),
        POST=judges(DONE, decided=FORBIDDEN),
        body=bodies.score_form,
    ),
    row(
        "admin:recuse",
        ADMIN,
        "proposal",
        POST=judges(DONE, decided=FORBIDDEN),
        body=bodies.recusal,
    ),
    row("admin:grid", ADMIN, GET=only(PANEL, SHOWN), POST=only(PANEL, DONE), body=bodies.grid),
    row(
        "admin:score-ask",
        ADMIN,
        "judged proposal",
        POST=colleagues(DONE),
        body=bodies.asking,
    ),
    row("admin:score-answer", ADMIN, "question", POST=colleagues(DONE), body=bodies.reply),
    row("admin:judgements", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:differences", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting-now", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting-screen", ADMIN, GET=only(PANEL, TOLD)),  # somebody else leads
    row(
        "admin:meeting-begin",
        ADMIN,
        POST=only(("curator",), DONE),
        body=bodies.no_meeting,
    ),
    *(
        row(f"admin:meeting-{step}", ADMIN, POST=only(PANEL, DONE), body=body)
        for step, body in (
            ("put-up", bodies.meeting),
            ("round", bodies.meeting),
            ("vote", bodies.open_round),
            ("reveal", bodies.open_round),
            ("lead", bodies.meeting),
            ("end", bodies.meeting),
        )
    ),
    row(
        "admin:conflicts",
        ADMIN,
        GET=only(ADMIN_ACCESS, SHOWN),
        POST=only(PANEL, DONE),
        body=bodies.conflict,
    ),
    row("admin:conflict-end", ADMIN, "declared conflict", POST=only(ADMIN_ACCESS, DONE)),
    row("admin:assignments", ADMIN, GET=only(CURATORS, SHOWN)),
    row("admin:assignments-spread", ADMIN, POST=only(CURATORS, DONE), body=bodies.spread),
    row("admin:assignments-hand-over", ADMIN, POST=only(CURATORS, DONE), body=bodies.member),
    row(
        "admin:judges",
        ADMIN,
        "unscored proposal",
        GET=assigning(SHOWN),
        POST=assigning(DONE),
    ),
    row(
        "admin:framework",
        ADMIN,
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.weights_form,
    ),
    row("admin:framework-ready", ADMIN, GET=only(CURATORS, SHOWN)),
    row(
        "admin:framework-ready-one",
        ADMIN,
        "ready framework",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, TOLD),  # a draft is open
    ),
    row("admin:framework-start", ADMIN, POST=only(CURATORS, TOLD)),
    row("admin:framework-publish", ADMIN, POST=only(CURATORS, DONE), body=bodies.draft_number),
    row("admin:framework-comment", ADMIN, POST=only(ADMIN_ACCESS, DONE), body=bodies.comment),
    row("admin:framework-weights", ADMIN, GET=only(ADMIN_ACCESS, SHOWN)),
    row(
        "admin:framework-weights-ask",
        ADMIN,
        POST=only(CURATORS, DONE),
        body=bodies.draft_number,
    ),
    row(
        "admin:framework-weights-take",
        ADMIN,
        POST=only(CURATORS, TOLD),  # nobody is asked
        body=bodies.draft_number,
    ),
    row("admin:framework-weigh", ADMIN, GET=only(PANEL, TOLD), POST=only(PANEL, TOLD)),
    row("admin:framework-weigh-in", ADMIN, "group", GET=only(PANEL, TOLD), POST=only(PANEL, TOLD)),
    row(
        "admin:framework-vote",
        ADMIN,
        GET=only(ADMIN_ACCESS, SHOWN),
        POST=only(PANEL, INVALID),  # nothing is voted on
    ),
    row("admin:framework-vote-back", ADMIN, POST=only(CURATORS, TOLD)),
    row("admin:framework-discard", ADMIN, POST=only(CURATORS, DONE), body=bodies.draft_number),
    row("admin:framework-dimension", ADMIN, POST=only(CURATORS, DONE), body=bodies.dimension_form),
    row(
        "admin:framework-new-criterion",
        ADMIN,
        "dimension named in the query",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.criterion_form,
    ),
    row(
        "admin:framework-criterion",
        ADMIN,
        "criterion",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.criterion_form,
    ),
    row(
        "admin:framework-remove-criterion",
        ADMIN,
        "criterion",
        POST=only(CURATORS, DONE),
        body=bodies.draft_number,
    ),
]
