"""The type of a proposal is chosen where the framework weighs types differently."""

import pytest

from projects.models import Proposal
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from tests.company import Company
from tests.pages import signed_in, words

pytestmark = pytest.mark.django_db


class TestTypes:
    def test_those_of_the_framework_are_offered(self, company: Company) -> None:
        client, proposal = signed_in(company.marketing), company.draft()
        basics = f"/proposals/{proposal.pk}/edit/basics/"
        assert 'name="category"' not in client.get(basics).content.decode()
        draft = start_draft(actor=company.curator)
        spec = spec_of(draft) | {"summary": "Apps apart."}
        spec["profiles"] = [*spec["profiles"], {"key": "app", "name": "Apps"}]
        for dimension in spec["dimensions"]:
            dimension["weights"]["app"] = dimension["weights"][""]
        draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
        company.ratified(draft)
        page = client.get(basics).content.decode()
        assert '<option value="app">Apps</option>' in page
        owners = {"marketing_owner": company.marketing.pk, "cx_owner": company.cx.pk}
        said = {"title": "A", "category": "app", "version": 1} | owners
        assert client.post(basics, said).status_code == 302
        assert Proposal.objects.get().category == "app"
        refused = client.post(basics, said | {"category": "other", "version": 2})
        assert "Select a valid choice" in words(refused)

    def test_one_that_the_framework_no_longer_has_stays(self, company: Company) -> None:
        proposal = company.draft(category="old")
        basics = f"/proposals/{proposal.pk}/edit/basics/"
        page = signed_in(company.marketing).get(basics).content.decode()
        assert '<option value="old" selected>old</option>' in page
