"""Scorecards of before entries are numbered by the migration that adds them."""

import importlib

import pytest
from django.apps import apps

from scoring.models import Scorecard
from tests.company import Company, without_seal

migration = importlib.import_module("scoring.migrations.0007_scorecard_entries")


@pytest.mark.django_db
def test_entries_of_one_person_on_one_text_are_numbered_by_their_age(company: Company) -> None:
    proposal, other = company.submitted("One"), company.submitted("Other")
    company.score(proposal, company.panelist, 50, 25)
    company.score(other, company.panelist, 50, 25)
    company.amend(discount_rate="0.08")
    company.score(proposal, company.panelist, 100, 25)
    company.score(proposal, company.curator, 100, 25)
    before = dict(Scorecard.objects.values_list("pk", "entry"))
    assert sorted(before.values()) == [1, 1, 1, 2]
    without_seal("scoring_scorecard")
    Scorecard.objects.filter(entry=2).update(entry=9)
    Scorecard.objects.exclude(entry=9).update(entry=1)
    migration.number_entries(apps, None)
    assert dict(Scorecard.objects.values_list("pk", "entry")) == before
