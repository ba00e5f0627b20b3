"""The chair, and a draft of the framework."""

import pytest
from django.test import Client

from scoring.framework.services.versions import start_draft
from scoring.models import FrameworkVersion
from tests.company import Company
from tests.pages import signed_in


@pytest.fixture
def chair(company: Company) -> Client:
    return signed_in(company.curator)


@pytest.fixture
def draft(company: Company) -> FrameworkVersion:
    return start_draft(actor=company.curator)
