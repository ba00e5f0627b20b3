"""Personas: portraits of customers that are kept, and a newer one in the place of an older."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.customers.selectors import current_personas
from projects.customers.services import keep_persona
from projects.models import AuditEntry, Persona, Segment
from tests.company import Company
from tests.pages import signed_in, words


def drawn(company: Company, name: str = "Mara", replaces: Persona | None = None) -> Persona:
    persona = Persona(name=name, jobs="One account that works.", replaces=replaces)
    return keep_persona(actor=company.cx, persona=persona, segments=[company.segment])


def test_only_marketing_and_cx_draw_them(company: Company) -> None:
    mara = drawn(company)
    with pytest.raises(PermissionDenied):
        keep_persona(actor=company.leader, persona=Persona(name="X", jobs="Y"), segments=[])
    client = signed_in(company.leader)
    assert client.get("/personas/new/").status_code == 403
    assert "Draw a newer portrait" not in words(client.get(f"/personas/{mara.pk}/"))


def test_a_newer_portrait_takes_its_place_and_the_older_is_kept(company: Company) -> None:
    first = drawn(company)
    second = drawn(company, "Mara, at 20", first)
    assert list(current_personas()) == [second]
    page = words(signed_in(company.panelist).get(f"/personas/{first.pk}/"))
    assert "A newer portrait took its place" in page
    with pytest.raises(ValidationError, match="newer portrait took its place meanwhile"):
        drawn(company, "Mara, again", first)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Persona.objects.filter(pk=first.pk).update(jobs="Another job.")
    assert AuditEntry.objects.filter(action="persona.keep").count() == 2


def test_the_form_begins_with_the_older_portrait(company: Company) -> None:
    first, client = drawn(company), signed_in(company.marketing)
    path = f"/personas/new/?replaces={first.pk}"
    assert "One account that works." in words(client.get(path))
    wrong = client.post(path, {"name": "", "jobs": ""})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"name", "jobs"}
    said = {"name": "Mara", "jobs": "Two accounts.", "segments": [company.segment.pk]}
    client.post(path, said | {"pains": "Letters."})
    newer = current_personas().get()
    assert (newer.replaces, newer.pains) == (first, "Letters.")
    assert list(newer.segments.all()) == [company.segment]
    # Once replaced, the old address begins a persona of its own.
    client.post(path, said | {"name": "Ruth"})
    assert Persona.objects.get(name="Ruth").replaces is None


def test_it_shows_what_is_known_and_proposed_for_its_segments(company: Company) -> None:
    elsewhere = Segment.objects.create(name="Elsewhere")
    company.insight("They move out at 19", segment=company.segment)
    company.insight("Of others", segment=elsewhere)
    company.submitted("A first account")
    company.submitted("For nobody", effects=[])
    company.draft("Veiled")
    mara = drawn(company)
    page = words(signed_in(company.other_cx).get(f"/personas/{mara.pk}/"))
    assert "They move out at 19" in page
    assert "A first account" in page
    for hidden in ("Of others", "For nobody", "Veiled"):
        assert hidden not in page


def test_the_list_asks_as_often_for_few_as_for_many(company: Company) -> None:
    client, counted = signed_in(company.leader), []
    for number in (1, 3):
        for place in range(number):
            drawn(company, f"{number} {place}")
        client.get("/personas/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/personas/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
