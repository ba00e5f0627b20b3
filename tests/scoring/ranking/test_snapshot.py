"""One proposal of a sealed snapshot, cut out of the bytes without reading the others."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking.selectors.snapshot import canonical, cut, load_part, load_snapshot
from tests.company import Company, without_seal

# What the cut looks for, written into every text and name that people may choose.
MARKS = (
    ',"proposals":[',
    '{"category":',
    ',{"category":"',
    ',"id":2,"marketing_team":',
    '],"schema":1',
    ',"scores":[[2,"',
    '[2,"',
    '],"stages":{',
    "\\",
    '"',
    "é ✓",
    "",
)
texts = st.lists(st.sampled_from(MARKS), max_size=3).map("".join)
names = st.one_of(texts, st.sampled_from(["category", "id", "scores", "schema", "stages"]))

slugs = st.sampled_from(["id", "scores", "strategic-fit"])  # a criterion's key has no other signs


def items(pk: int) -> st.SearchStrategy[dict[str, Any]]:
    line = st.fixed_dictionaries({"kind": texts, "label": texts, "low": st.just("1")})
    effect = st.fixed_dictionaries({"stage": texts, "reach": st.integers(0, 9)})
    return st.fixed_dictionaries(
        {
            "id": st.just(pk),
            "category": texts,
            "cx_team": texts,
            "effects": st.lists(effect, max_size=2),
            "marketing_team": texts,
            "measures": st.dictionaries(names, texts, max_size=3),
            "money": st.lists(line, max_size=2),
            "title": texts,
        }
    )


snapshots = st.fixed_dictionaries(
    {
        "schema": st.just(1),
        "date": st.just("2026-11-22"),
        "framework": st.fixed_dictionaries({"id": st.integers(1, 9), "name": texts}),
        "cycle": st.fixed_dictionaries({"name": texts}),
        "journey": st.lists(texts, max_size=2),
        "confidence": st.dictionaries(names, texts, max_size=2),
        "stages": st.dictionaries(names, texts, max_size=2),
        "proposals": st.tuples(items(1), items(2), items(12), items(22)).map(list),
        "scores": st.lists(
            st.tuples(
                st.sampled_from([1, 2, 12, 22]), slugs, st.integers(1, 30), st.just("50")
            ).map(list),
            max_size=8,
        ).map(sorted),
    }
)


def part_of(snapshot: dict[str, Any], pk: int) -> dict[str, Any]:
    """The same, by reading everything."""
    return snapshot | {
        "proposals": [item for item in snapshot["proposals"] if item["id"] == pk],
        "scores": [score for score in snapshot["scores"] if score[0] == pk],
    }


@given(snapshots)
def test_no_text_misleads_the_cut(snapshot: dict[str, Any]) -> None:
    payload = canonical(snapshot)
    for pk in (1, 2, 12, 22):
        assert orjson.loads(cut(payload, pk)) == part_of(snapshot, pk)
    with pytest.raises(ValueError, match="no proposal 3 among"):
        cut(payload, 3)


def test_the_part_of_a_run_is_what_the_whole_says(company: Company) -> None:
    company.scored("Alpha", fit=100)
    company.scored('Quoted "Beta"', fit=25)
    company.submitted("Not scored", money=[])
    run = company.rank()
    snapshot = load_snapshot(run)
    for item in snapshot["proposals"]:
        assert load_part(run, item["id"]) == part_of(snapshot, item["id"])
        assert len(load_part(run, item["id"])["proposals"]) == 1


def test_a_part_of_altered_inputs_is_refused(company: Company) -> None:
    proposal = company.scored("Alpha")
    run = company.rank()
    without_seal("scoring_rankingrun")
    type(run).objects.filter(pk=run.pk).update(input_digest="0" * 64)
    run.refresh_from_db()
    with pytest.raises(ValueError, match="do not match their digest"):
        load_part(run, proposal.pk)
