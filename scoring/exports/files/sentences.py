"""What the list says in a few sentences, for the first page of what is read aloud."""

from projects.templatetags.figures import money
from scoring.exports.files.content import Content


def sentences(content: Content) -> list[str]:
    """What the list says. The budget is that of the whole backlog, also where a filter is set."""
    currency = str(content.facts["currency"])
    cut, facts = content.cut, content.export.run.facts
    part = f" Of the whole backlog, {content.count} are in this file." if _is_part(content) else ""
    incomplete = facts["incomplete"]
    return [
        f"{_count(facts['ranked'], 'proposal')} ranked"
        + (f"; {incomplete} more, incomplete, are listed apart." if incomplete else ".")
        + part,
        (
            f"Walked from the top, {cut.inside} of them fit the budget of "
            f"{money(cut.budget, currency)} and cost {money(cut.spent, currency)}; "
            f"{money(cut.left, currency)} is left."
        ),
        (
            f"{_count(content.safe, 'proposal')} safe: funded in at least nine of ten futures. "
            f"{content.near} lie near the line and depend on what is not known yet."
        ),
        *([] if _is_part(content) or not content.yes else [_decided(content, currency)]),
    ]


def _decided(content: Content, currency: str) -> str:
    free = float(content.cut.budget) - content.yes_cost
    left = f"{money(free, currency)} of the budget is free"
    over = f"{money(-free, currency)} over the budget"
    return (
        f"{_count(content.yes, 'proposal')} greenlit so far, at an expected cost of "
        f"{money(content.yes_cost, currency)}; {left if free >= 0 else over}."
    )


def _is_part(content: Content) -> bool:
    facts = content.export.run.facts
    return bool(content.count != facts["ranked"] + facts["incomplete"])


def _count(number: int, thing: str) -> str:
    return f"1 {thing} is" if number == 1 else f"{number} {thing}s are"
