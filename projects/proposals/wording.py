"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

WORDS = re.compile(r"\d+(?:[.,]\d+)*|\w+|\s+|[^\w\s]")


class Part(NamedTuple):
    kind: Literal["same", "gone", "new"]
    text: str


def changed_words(before: str, after: str) -> list[Part]:
    """The parts in reading order; put together without what is new they are ``before``, and
    without what is gone ``after``."""
    then, now = WORDS.findall(before), WORDS.findall(after)
    parts = []
    for same, i, j, k, m in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if same == "equal":
            parts.append(Part("same", "".join(then[i:j])))
            continue
        if i < j:
            parts.append(Part("gone", "".join(then[i:j])))
        if k < m:
            parts.append(Part("new", "".join(now[k:m])))
    return parts
