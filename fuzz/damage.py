"""Ways to break a file: its bytes, its cells, its parts, its JSON."""

import io
import json
import zipfile
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any
from xml.sax.saxutils import escape  # writes only

import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError

OPEN = "urn:oasis:names:tc:opendocument:xmlns"
ODS = f"""<office:document-content xmlns:office="{OPEN}:office:1.0" xmlns:table="{OPEN}:table:1.0"
 xmlns:text="{OPEN}:text:1.0"><office:body><office:spreadsheet>{{sheet}}</office:spreadsheet>
</office:body></office:document-content>"""
NASTY_TEXT = [
    *("", " ", "0", "-1", "1e400", "1e999999", "-1e-400", "NaN", "sNaN", "Infinity", "-inf"),
    *(
        "1,234.5",
        "1.234,5",
        "١٢٣",
        "\uff11\uff12",
        "9" * 30,
        "9" * 400,
        "0x10",
        "1_000",
        "TRUE",
        "None",
    ),
    *("=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\0", "a\0b", "\r\n", '"', "'", ";", ","),
    *(
        "\ud7ff\ue000",
        "\u202e",
        "👩‍👩‍👧",
        "é" * 200,
        "x" * 40_000,
        "<script>",
        "{{ 7*7 }}",
        "../../etc",
    ),
    *("marketing", "nobody", "cx", "P-1", "Use", "Families", "user", "opinion", "2026-13-45"),
]
NASTY_CELLS: list[Any] = [
    *(None, True, False, 0, -1, 10**30, 1e308, -0.0, 3.5, date(1900, 1, 1), date(9999, 12, 31)),
    *("#REF!", "=A1", "=1/0"),
]
NASTY_JSON: list[Any] = [
    *(None, True, 0, -1, 1e308, 10**30, "", "x", "1e999999", [], {}, [[]], {"column": "title"}),
    *({"constant": None}, {"constant": {}}, {"column": 7}, {"column": "nowhere"}, "\0"),
    *(
        {"column": "title", "values": 3},
        {"column": "title", "scale": "much"},
        {"constant": "9" * 50},
    ),
    *({"column": "title", "scale": 1e300}, {"column": "title", "default": {"a": 1}}),
]


def damaged_bytes(content: bytes, random: Random) -> bytes:
    data = bytearray(content)
    for _ in range(random.choice([1, 1, 2, 5, 30])):
        place = random.randrange(len(data) + 1)
        length = random.choice([1, 1, 4, 50, len(data) // 3])
        step = random.randrange(5)
        if step == 0 and place < len(data):
            data[place] = random.randrange(256)
        elif step == 1:
            data[place:place] = random.randbytes(length)
        elif step == 2:
            del data[place : place + length]
        elif step == 3:
            data[place:place] = data[place : place + length]
        else:
            del data[place:]
    return bytes(data)


def damaged_rows(rows: list[list[Any]], nasty: list[Any], random: Random) -> list[list[Any]]:
    rows = [list(row) for row in rows]
    for _ in range(random.choice([1, 1, 2, 6])):
        row = random.choice(rows)
        step = random.randrange(7)
        if step < 3 and row:
            row[random.randrange(len(row))] = random.choice(nasty)
        elif step == 3:
            row.insert(random.randrange(len(row) + 1), random.choice(nasty))
        elif step == 4 and row:
            del row[random.randrange(len(row))]
        elif step == 5:
            rows.insert(random.randrange(len(rows) + 1), list(random.choice(rows)))
        else:
            random.shuffle(random.choice(rows))
    return rows


def csv_bytes(rows: list[list[Any]], random: Random) -> bytes:
    """Written by hand, so that quotes and encodings can be wrong too."""
    delimiter = random.choice(",,,;\t|")
    quote = random.choice(['"{}"', '"{}"', '"{}"', "{}", '"{}'])
    end = random.choice(["\n", "\r\n", "\r", "\n\n"])
    text = end.join(delimiter.join(quote.format(cell) for cell in row) for row in rows)
    encoding = random.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
    return text.encode(encoding, "replace")


def xlsx_bytes(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row_number, row in enumerate(rows, start=1):
        for column_number, cell in enumerate(row, start=1):
            try:
                page.cell(row_number, column_number).value = cell
            except (IllegalCharacterError, ValueError):
                page.cell(row_number, column_number).value = "unprintable"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods_bytes(rows: list[list[Any]], random: Random) -> bytes:
    """The parts of an ODS that a reader needs; now and then a cell or row claims to repeat."""
    lines = ""
    for row in rows:
        cells = "".join(_ods_cell(cell, random) for cell in row)
        lines += f"<table:table-row{_repeated('rows', random)}>{cells}</table:table-row>"
    content = ODS.format(sheet=f'<table:table table:name="List">{lines}</table:table>')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'<manifest xmlns="{OPEN}:manifest:1.0"/>')
        package.writestr("content.xml", content.encode("utf-8", "replace"))
    return file.getvalue()


def _ods_cell(cell: Any, random: Random) -> str:
    times = _repeated("columns", random)
    if cell is None or cell == "":
        return f"<table:table-cell{times}/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        )
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"{times}/>'
    text = escape("".join(sign for sign in str(cell) if sign >= " "))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def _repeated(what: str, random: Random) -> str:
    if random.random() > 0.005:
        return ""
    return f' table:number-{what}-repeated="{random.choice([0, -1, 2, 300, 10**6, 10**30, "x"])}"'


def damaged_part(content: bytes, random: Random) -> bytes:
    """A spreadsheet whose package is whole and one of whose parts is not."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = random.choice(sorted(parts))
    if random.random() < 0.2:
        del parts[name]
    else:
        parts[name] = damaged_bytes(parts[name], random)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for key, part in parts.items():
            package.writestr(key, part)
    return file.getvalue()


def damaged_json(value: Any, random: Random) -> str:
    if random.random() < 0.1:
        return damaged_bytes(json.dumps(value).encode(), random).decode("utf-8", "replace")
    copy = json.loads(json.dumps(value))
    for _ in range(random.choice([1, 1, 2, 4])):
        holder, key = random.choice(list(places(copy)))
        change = random.choice([replace, remove, rename])
        change(holder, key, random)
    return json.dumps(copy)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


def replace(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder, dict) or key < len(holder):
        holder[key] = deepcopy(random.choice(NASTY_JSON))  # it may be damaged in its turn


def remove(holder: Any, key: Any, _random: Random) -> None:
    if isinstance(holder, dict):
        holder.pop(key, None)
    elif key < len(holder):
        del holder[key]


def rename(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder, dict) and key in holder:
        holder[random.choice(["column", "constant", "kind", "stage", "sheet", "x"])] = holder.pop(
            key
        )
