"""What a mapping may say of a list."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from projects.imports.services import import_proposals, read_mapping
from projects.imports.services.mapping import OWNERS
from projects.models import (
    Proposal,
)
from tests.company import Company
from tests.projects.imports.rows import TITLES, loaded, said


def test_a_mapping_translates_scales_and_fills_in(company: Company) -> None:
    mapping = {
        "fields": {
            "title": {"column": "Name"},
            "category": {"column": "Type", "values": {"A": "alpha"}},
            "problem": {"column": "Why", "default": "Not stated."},
            "marketing_owner": {"constant": "marketing"},
            "cx_owner": {"constant": "cx"},
        },
        "money": [
            {"kind": "one_off_cost", "label": "Price", "amount": {"column": "M", "scale": 1000000}}
        ],
        "measures": {"speed": {"column": "Speed"}},
    }
    content = b"Name,Type,Why,M,Speed\nFirst,A,,1.5,7\nSecond,,Because,,\n"
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(content),
        mapping=read_mapping(json.dumps(mapping)),
    )
    assert said(report) == []
    first, second = Proposal.objects.order_by("id")
    assert (first.category, first.problem, first.reference) == (
        "alpha",
        "Not stated.",
        f"P-{first.pk}",
    )
    assert first.money.get().likely == 1_500_000
    assert first.measures.get().value == 7
    assert (second.problem, second.money.count(), second.measures.count()) == ("Because", 0, 0)
    unknown = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name,Type,Why,M\nThird,B,,x\n"),
        mapping=read_mapping(json.dumps(mapping | {"measures": {}})),
    )
    assert said(unknown) == [
        "row 2, Type: “B” is not in the mapping's values.",
        "row 2, M: “x” is not an amount. Write it like 11,500,000 or 11.5 M.",
    ]


@pytest.mark.parametrize(
    ("source", "cell", "title"),
    [
        ({"prefix": "A-"}, "7", "A-7"),
        ({"prefix": "A-", "values": {"7": "seven"}}, "7", "A-seven"),
        ({"prefix": "A-", "default": "none"}, "", "A-none"),
        ({"longest": 9}, "one two 3", "one two 3"),
        ({"longest": 8}, "one two 3", "one two…"),
        ({"longest": 7}, "one two 3", "one…"),
        ({"longest": 5}, "one two 3", "one…"),
        ({"longest": 4}, "one two 3", "one…"),
        ({"longest": 3}, "one two 3", "on…"),
        ({"longest": 1}, "one two 3", "…"),
        ({"longest": 6, "prefix": "A-"}, "7 trees", "A-7…"),
    ],
)
def test_a_text_gets_a_prefix_and_is_shortened_at_a_word(
    company: Company, source: dict[str, Any], cell: str, title: str
) -> None:
    fields = {"title": {"column": "Name"} | source}
    fields |= {name: {"constant": name.removesuffix("_owner")} for name in OWNERS}
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(f"Name,Other\n{cell},x\n".encode()),
        mapping=read_mapping(json.dumps({"fields": fields})),
    )
    assert said(report) == []
    assert Proposal.objects.get().title == title


def test_nothing_gets_a_prefix_where_nothing_is(company: Company) -> None:
    fields = {"title": {"column": "Name"}, "problem": {"column": "Why", "prefix": "Because "}}
    fields |= {name: {"constant": name.removesuffix("_owner")} for name in OWNERS}
    import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name,Why\nFirst,\n"),
        mapping=read_mapping(json.dumps({"fields": fields})),
    )
    assert Proposal.objects.get().problem == ""


def test_a_column_that_is_not_there_is_named_once(company: Company) -> None:
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name\nx\ny\n"),
        mapping=read_mapping(json.dumps(TITLES)),
    )
    assert said(report) == [
        f"row 1, {name}: The file has no such column, but the mapping reads it."
        for name in ("cx_owner", "marketing_owner", "title")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"fields": {}, "extra": 1}',
        '{"fields": {"status": {"constant": "greenlit"}}}',
        '{"fields": {"title": {}}}',
        '{"fields": {"title": "Name"}}',
        '{"fields": ["title"]}',
        '{"fields": {}, "money": {"kind": "one_off_cost"}}',
        '{"fields": {}, "money": [{"amount": {"column": "x"}}]}',
        '{"fields": {}, "money": ["x"]}',
        '{"fields": {}, "effects": [1]}',
        '{"fields": {}, "measures": ["x"]}',
        '{"fields": {}, "setup": []}',
        '{"fields": {"title": {"column": 1}}}',
        '{"fields": {"title": {"column": "x", "values": ["y"]}}}',
        '{"fields": {}, "measures": {"x": {"column": "x", "scale": "many"}}}',
        '{"fields": {}, "sheet": 1}',
        '{"fields": {"title": {"column": "x", "prefix": 1}}}',
        '{"fields": {"title": {"column": "x", "longest": "9"}}}',
        '{"fields": {"title": {"column": "x", "longest": 0}}}',
    ],
)
def test_a_wrong_mapping_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_mapping(text)
    assert list(caught.value.message_dict) == ["mapping"]
