"""Insights: who keeps them and how they are found."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.customers.services import keep_persona
from projects.insights.selectors import current_insights, insight_named
from projects.models import AuditEntry, Insight, Persona
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, text, words
from tests.projects.insights.backing import backed

# ---------------------------------------------------------------- keeping


def test_an_insight_is_kept_and_audited(company: Company) -> None:
    insight = company.insight(stage=company.stage, segment=company.segment, sample=140)
    assert insight.reference == f"I-{insight.pk}"
    assert AuditEntry.objects.get(action="insight.record").subject == f"insight:{insight.pk}"
    with pytest.raises(DatabaseError), transaction.atomic():
        Insight.objects.update(finding="Another")


def test_only_marketing_and_cx_keep_insights(company: Company) -> None:
    finance = company.leader
    assert finance.team is not None
    finance.team.function = "finance"
    finance.team.save()
    with pytest.raises(PermissionDenied, match="Marketing and CX keep what is known"):
        company.insight(actor=finance)
    client = signed_in(finance)
    assert client.get("/insights/new/").status_code == 403
    assert client.get("/insights/import/").status_code == 403
    assert "Add an insight" not in text(client.get("/insights/"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"finding": ""}, "finding"),
        ({"finding": "x" * 301}, "finding"),
        ({"kind": "hearsay"}, "kind"),
        ({"source": ""}, "source"),
        ({"sample": 0}, "sample"),
        ({"gathered_on": timezone.localdate() + timedelta(days=2)}, "gathered_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "data:text/html,x"}, "link"),
    ],
)
def test_a_wrong_insight_is_refused(company: Company, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        company.insight(**values)
    assert set(refused.value.message_dict) == {field}
    assert not Insight.objects.exists()


def test_a_better_one_takes_the_place_of_another_once(company: Company) -> None:
    first = company.insight("6 of 10")
    better = company.insight("7 of 10", replaces=first)
    assert list(current_insights()) == [better]
    with pytest.raises(ValidationError) as refused:
        company.insight("8 of 10", replaces=first)
    assert "was replaced already" in str(refused.value)
    client = signed_in(company.leader)
    assert f"A better one took its place: {better}" in words(client.get(f"/insights/{first.pk}/"))
    assert f"It took the place of {first}" in words(client.get(f"/insights/{better.pk}/"))


# ---------------------------------------------------------------- the pages


def test_the_page_names_what_rests_on_it_but_no_draft_of_others(company: Company) -> None:
    insight = company.insight()
    effects = company.effects()
    effects[0].insight = insight
    company.submitted("Open", money=backed(company, insight, label="Calls saved"), effects=effects)
    company.draft("Veiled", money=backed(company, insight))
    path = f"/insights/{insight.pk}/"
    page = words(signed_in(company.other_cx).get(path))
    assert f"Open : Calls saved Open : {company.stage}, {company.segment}" in page
    assert "Veiled" not in page
    assert "Veiled" in words(signed_in(company.cx_mate).get(path))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=card letters", {"Letters about a card"}),
        ("q=I-{first}", {"Letters about a card"}),
        ("q=ledger", {"They leave"}),
        ("q=nothing", set()),
        ("kind=test", {"They leave"}),
        ("kind=none", {"Letters about a card", "They leave"}),
        ("stage={stage}", {"They leave"}),
        ("segment={segment}", {"Letters about a card"}),
        ("q=%00", {"Letters about a card", "They leave"}),
    ],
)
def test_insights_are_found(company: Company, query: str, expected: set[str]) -> None:
    first = company.insight("Letters about a card", segment=company.segment)
    company.insight("They leave", kind="test", source="Ledger", stage=company.stage)
    query = query.format(first=first.pk, stage=company.stage.pk, segment=company.segment.pk)
    answer = signed_in(company.leader).get(f"/insights/?{query}")
    found = {insight.finding for insight in answer.context["page_obj"]}
    assert found == expected
    file = signed_in(company.leader).get(f"/insights/insights.csv?{query}").content.decode()
    assert len(file.splitlines()) == 1 + len(expected)


def test_queries_do_not_grow_with_the_register(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(company.leader), []
    for rows in (1, 3):
        insight = company.insight(f"of {rows}", stage=company.stage, segment=company.segment)
        for number in range(rows):
            company.insight(f"{rows} {number}", stage=company.stage, segment=company.segment)
            effects = company.effects()
            effects[0].insight = insight
            company.submitted(f"{rows} {number}", money=backed(company, insight), effects=effects)
        for path in ("/insights/", f"/insights/{insight.pk}/", "/insights/names/?x=1"):
            with django_assert_max_num_queries(20) as seen:
                client.get(path)
            counts.append(len(seen))
    assert counts[:3] == counts[3:]


def test_suggestions_follow_what_is_typed_in_whatever_field(company: Company) -> None:
    company.insight("They <b>leave</b>")
    replaced = company.insight("They stay")
    company.insight("They stay for long", replaces=replaced)
    answer = signed_in(company.cx).get("/insights/names/", {"money-3-insight": "They"})
    page = answer.content.decode()
    assert page.count("<option") == 2
    assert "They &lt;b&gt;leave" in page
    assert 'They stay"' not in page


def test_a_typed_insight_is_kept_and_a_wrong_one_comes_back(company: Company) -> None:
    client = signed_in(company.cx)
    form = {
        "finding": "“I want a person.”",
        "kind": "anecdotal",
        "source": "Trial",
        "gathered_on": "2026-05-31",
        "sample": "1 300",
        "link": "https://files.example/trial",
    }
    answer = client.post("/insights/new/", form)
    insight = Insight.objects.get()
    assert answer.headers["Location"] == f"/insights/{insight.pk}/"
    assert (insight.sample, insight.entered_by) == (1300, company.cx)
    wrong = client.post(f"/insights/new/?replaces=I-{insight.pk}", form | {"source": ""})
    assert wrong.status_code == 422
    assert "I want a person" in text(wrong)
    client.post(f"/insights/new/?replaces=I-{insight.pk}", form | {"finding": "Better"})
    assert Insight.objects.get(finding="Better").replaces == insight
    again = client.post(f"/insights/new/?replaces=I-{insight.pk}", form | {"finding": "Late"})
    assert again.status_code == 422
    assert "was replaced already. Replace the newer one." in text(again)


# ---------------------------------------------------------------- lists and programs


def upload(company: Company, content: str, **said: str) -> Any:
    file = BytesIO(content.encode())
    file.name = "insights.csv"
    return signed_in(company.cx).post("/insights/import/", {"file": file} | said)


def test_the_file_that_is_given_out_can_be_read_back(company: Company) -> None:
    company.insight("=1+1 of 10", stage=company.stage, segment=company.segment, sample=10)
    company.insight("Plain", kind="test", link="https://files.example/a")
    client = signed_in(company.marketing)
    file = client.get("/insights/insights.csv").content.decode()
    assert "'=1+1 of 10" in file
    rows = [tuple(row) for row in Insight.objects.values_list(*SAID)]
    checked = upload(company, file, check="1")
    assert "2 insights. Nothing is kept yet" in words(checked)
    assert Insight.objects.count() == 2
    assert upload(company, file).status_code == 302
    assert sorted(map(str, Insight.objects.values_list(*SAID))) == sorted(map(str, rows * 2))


SAID = ("finding", "kind", "source", "sample", "gathered_on", "stage", "segment", "link")


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("finding,kind\nA,user\n", ["source: The list needs this column."]),
        (
            "finding,kind,source,gathered_on,mood\nA,user,B,2026-01-01,good\n",
            ["row 1, mood: There is no such column. Use: finding,"],
        ),
        (
            """finding,kind,source,gathered_on,sample
A,user,B,2026-01-01,
C,rumour,D,2026-01-01,
E,A/B test,F,May,
G,user,,2026-01-01,many
""",
            [
                "row 3, kind: “rumour” is none of opinion,",
                "row 4, gathered_on: “May” is not a day. Write days as 2026-05-31.",
                "row 5, sample: “many” is not an amount.",
            ],
        ),
        (
            "finding,kind,source,gathered_on,segment\nA,user,B,2026-01-01,Nobody\n",
            ["row 2, segment: “Nobody” is none of"],
        ),
        ("finding,kind,source,gathered_on\nA,user,,2026-01-01\n", ["row 2, source: This field"]),
    ],
)
def test_a_wrong_list_keeps_nothing_and_names_its_cells(
    company: Company, content: str, messages: list[str]
) -> None:
    answer = upload(company, content)
    assert answer.status_code == 422
    page = words(answer)
    for message in messages:
        assert message in page
    assert not Insight.objects.exists()


def test_the_api_keeps_and_finds_insights(company: Company) -> None:
    api = Api(company.marketing)
    body = {
        "finding": "7 of 10",
        "kind": "user",
        "source": "Calls",
        "sample": 420,
        "gathered_on": "2026-05-31",
        "stage": company.stage.pk,
        "segment": None,
        "link": "",
        "replaces": None,
    }
    made = api.send("POST", "/insights/", body)
    assert made.status_code == 201
    assert body.items() <= made.json().items()
    number = made.json()["id"]
    better = api.send("POST", "/insights/", body | {"finding": "8 of 10", "replaces": number})
    listed = api.read("/insights/?q=of")["results"]
    assert listed == [better.json()]
    assert api.read(f"/insights/{number}/") == made.json()
    late = api.send("POST", "/insights/", body | {"replaces": number})
    assert (late.status_code, set(late.json()["errors"])) == (400, {"replaces"})
    proposal = company.draft()
    line = {"kind": "retention", "low": "1", "likely": "1", "high": "1", "insight": number}
    saved = api.send("PATCH", f"/proposals/{proposal.pk}/", {"money": [line]}, version=1).json()
    assert (saved["money"][0]["evidence"], saved["money"][0]["insight"]) == ("user", number)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("I-{}", True),
        ("i{}", True),
        (" I-{}", True),
        ("{}x", False),
        ("I-", False),
        ("9" * 25, False),
    ],
)
def test_a_reference_is_read_from_the_start(company: Company, typed: str, found: bool) -> None:
    insight = company.insight()
    assert (insight_named(typed.format(insight.pk)) == insight) is found


# ---------------------------------------------------------------- of a persona


def portrait(company: Company, name: str, **values: Any) -> Persona:
    said = {"jobs": "Move out."} | values
    return keep_persona(actor=company.cx, persona=Persona(name=name, **said), segments=[])


def test_a_persona_shows_what_is_told_of_it_by_any_of_its_portraits(company: Company) -> None:
    first = portrait(company, "Mara")
    company.insight(finding="Told of the first portrait", persona=first)
    second = portrait(company, "Mara, 24", replaces=first)
    third = portrait(company, "Mara, 25", replaces=second)
    kept = company.insight(finding="Told of the last", persona=third)
    company.insight(finding="Told of somebody else", persona=portrait(company, "Henrik"))
    for one in (first, second, third):
        page = words(signed_in(company.cx).get(f"/personas/{one.pk}/"))
        assert "Told of the first portrait" in page
        assert "Told of the last" in page
        assert "somebody else" not in page
    assert "told of Mara, 25" in words(signed_in(company.cx).get(f"/insights/{kept.pk}/"))


def test_only_personas_that_stand_are_offered(company: Company) -> None:
    old = portrait(company, "Mara")
    portrait(company, "Mara, 24", replaces=old)
    page = text(signed_in(company.cx).get("/insights/new/"))
    assert ">Mara, 24</option>" in page
    assert ">Mara</option>" not in page


def test_a_better_insight_keeps_the_persona_though_it_was_drawn_anew(company: Company) -> None:
    old = portrait(company, "Mara")
    insight = company.insight(persona=old)
    portrait(company, "Mara, 24", replaces=old)
    address = f"/insights/new/?replaces={insight.reference}"
    client = signed_in(company.cx)
    assert f'<option value="{old.pk}" selected>Mara</option>' in text(client.get(address))
    said = {"finding": "Better", "kind": "user", "source": "Talks", "persona": old.pk}
    client.post(address, said | {"gathered_on": str(timezone.localdate())})
    assert Insight.objects.get(finding="Better").persona == old


def test_the_persona_goes_out_and_comes_in_by_its_name(company: Company) -> None:
    mara = portrait(company, "Mara")
    company.insight(finding="Out", persona=mara)
    file = signed_in(company.cx).get("/insights/insights.csv")
    content = file.content.replace(b"Out", b"In")
    page = signed_in(company.cx).post(
        "/insights/import/", {"file": SimpleUploadedFile("list.csv", content)}, follow=True
    )
    assert "Kept: 1 insight." in words(page)
    assert Insight.objects.get(finding="In").persona == mara
    portrait(company, "mara")  # of two with one name nobody is meant
    page = signed_in(company.cx).post(
        "/insights/import/", {"file": SimpleUploadedFile("list.csv", content)}
    )
    assert "“Mara” is none of" in words(page)


def test_programs_name_the_persona_by_its_id(company: Company) -> None:
    mara = portrait(company, "Mara")
    said = {"finding": "By a program", "kind": "user", "source": "Talks"}
    said |= {"gathered_on": str(timezone.localdate())}
    made = Api(company.cx).send("POST", "/insights/", said | {"persona": mara.pk}).json()
    assert made["persona"] == mara.pk
    refused = Api(company.cx).send("POST", "/insights/", said | {"persona": 999_999})
    assert refused.status_code == 400
