"""Make a list (.csv) and a mapping (.json) for import_proposals of each election in a folder.

    python elections.py FOLDER_OF_PB_FILES OUTPUT_FOLDER

A Pabulib file has three sections: META, PROJECTS and VOTES. PROJECTS becomes the list as it stands,
line by line. The mapping is ``mapping.json`` with the cycle, its budget and its currency from META.
"""

import json
import sys
from pathlib import Path

MAPPING = Path(__file__).with_name("mapping.json")


def sections(text: str) -> tuple[dict[str, str], str]:
    """The settings and the list of projects of one election."""
    meta, _, rest = text.partition("PROJECTS\n")
    pairs = (line.partition(";") for line in meta.splitlines())
    return {key: value for key, _, value in pairs}, rest.partition("VOTES\n")[0]


def iso(day: str, rest_of_year: str) -> str:
    """``31.12.2024``, or a bare year with the rest given, as 2024-12-31."""
    return "-".join(reversed(day.split("."))) if "." in day else f"{day}-{rest_of_year}"


def mapping_of(settings: dict[str, str], columns: list[str], prefix: str) -> dict[str, object]:
    mapping = json.loads(MAPPING.read_text(encoding="utf-8"))
    fields = mapping["fields"]
    # Project ids are unique in an election, references in an installation.
    fields["reference"]["prefix"] = prefix
    if "name" not in columns:
        fields["title"] = {"column": "project_id", "prefix": "Project "}
        fields["problem"] = {"constant": "Not stated in the source list."}
    # Where voters gave points, winners follow from the points and not from the voters.
    mapping["measures"]["support"]["column"] = "score" if "score" in columns else "votes"
    mapping["setup"]["cycle"] = {
        "name": ", ".join(settings[key] for key in ("unit", "subunit", "instance")),
        "intake_opens": iso(settings["date_begin"], "01-01"),
        "intake_closes": iso(settings["date_end"], "12-31"),
        "budget": settings["budget"],
        "currency": settings["currency"],
    }
    return mapping


def main(folder: Path, output: Path) -> None:
    for number, file in enumerate(sorted(folder.glob("*.pb")), start=1):
        settings, projects = sections(file.read_text(encoding="utf-8"))
        columns = projects.partition("\n")[0].split(";")
        mapping = mapping_of(settings, columns, f"E{number}-")
        listed = output / f"{number:02}.csv"
        listed.write_text(projects, encoding="utf-8")
        listed.with_suffix(".json").write_text(json.dumps(mapping), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
