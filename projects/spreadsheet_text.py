"""Text that no spreadsheet takes for a formula, written by exports and read back by imports."""

import re

# A spreadsheet takes a text that starts like this for a formula or a command.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# Spreadsheets read _x0041_ as a character.
CODED = re.compile("_x([0-9a-fA-F]{4})_")
LOOKS_CODED = re.compile("_(x[0-9a-fA-F]{4}_)")
# What XML cannot carry, and no text needs.
UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def escaped(text: str) -> str:
    """Text that no spreadsheet will run: an apostrophe before what could start a formula.

    A text that already looks escaped gets one more, so that :func:`unescaped` gives it back.
    """
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def unescaped(text: str) -> str:
    """The inverse of :func:`escaped`, for reading a file back."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(RISKY) else text


def writable(text: str) -> str:
    """The text with a replacement character where one of its own cannot be written everywhere."""
    return UNWRITABLE.sub("\ufffd", text)


def coded(text: str) -> str:
    """Text for a spreadsheet, with no part of it that looks like a code for a character."""
    return LOOKS_CODED.sub(r"_x005F_\1", text)


def decoded(text: str) -> str:
    """The inverse of :func:`coded`, for the text of a spreadsheet's cell."""
    return CODED.sub(lambda found: chr(int(found[1], 16)), text)
