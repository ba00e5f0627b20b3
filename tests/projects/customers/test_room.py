"""The customer room: newest insights and open proposals by stage, and nobody's draft."""

from datetime import date
from typing import Any

from projects.models import JourneyStage, Segment
from tests.company import Company
from tests.pages import signed_in, words


def test_each_stage_shows_its_newest_insights_and_what_is_done(company: Company) -> None:
    for month in (1, 2, 3, 4):
        company.insight(f"Of month {month}", stage=company.stage, gathered_on=date(2026, month, 1))
    replaced = company.insight("Bettered", stage=company.stage, gathered_on=date(2026, 5, 1))
    company.insight("Month 4 again", stage=company.stage, replaces=replaced)
    company.insight("Of no stage")
    company.submitted("Mend the address")
    JourneyStage.objects.create(name="Renew", position=99)
    page = words(signed_in(company.leader).get("/customers/"))
    assert "Of month 4" in page
    assert "Of month 2" in page
    assert page.index("Of month 4") < page.index("Of month 3") < page.index("Of month 2")
    for absent in ("Of month 1", "Bettered", "Of no stage"):
        assert absent not in page
    assert "Mend the address Submitted" in page
    assert "Renew What we know Nothing yet. What we are doing Nobody proposes anything" in page


def test_a_stage_names_six_and_counts_the_others(company: Company) -> None:
    other = Segment.objects.create(name="Others")
    for number in range(8):
        twice = [*company.effects(), *company.effects()]
        twice[1].segment = other
        company.submitted(f"Idea {number}", effects=twice)
    page = words(signed_in(company.leader).get("/customers/"))
    assert [page.count(f"Idea {number} ") for number in range(8)] == [1] * 6 + [0] * 2
    assert "and 2 more" in page


def test_no_draft_hangs_on_the_wall(company: Company) -> None:
    company.draft("Veiled")
    for person in (company.marketing, company.admin, company.leader):
        assert "Veiled" not in words(signed_in(person).get("/customers/"))


def test_queries_do_not_grow_with_the_journey(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(company.leader), []
    for rows in (1, 3):
        for number in range(rows):
            company.insight(f"{rows} {number}", stage=company.stage, segment=company.segment)
            company.submitted(f"{rows} {number}")
            JourneyStage.objects.create(name=f"{rows} {number}", position=50 + 10 * rows + number)
        with django_assert_max_num_queries(20) as seen:
            client.get("/customers/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
