"""The audit chain finds every alteration."""

import pytest
from django.core.management import CommandError, call_command

from projects.audit.services import broken_entries, record
from projects.models import AuditEntry, AuditHead
from tests.company import Company, without_seal


@pytest.fixture
def chain(company: Company) -> int:
    for number in range(5):
        record(actor=company.admin, action="test.act", subject=f"thing:{number}", number=number)
    return AuditEntry.objects.count()


def test_an_untouched_chain_is_whole(chain: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert broken_entries() == (chain, [])
    call_command("verify_audit")
    head = AuditEntry.objects.latest("number").digest
    said = f"{chain} entries read; the chain is whole. Its head is {head}.\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    "forged",
    [
        {"action": "test.other"},
        {"subject": "thing:99"},
        {"data": {"number": 99}},
        {"actor": None},
        {"digest": "0" * 64},
    ],
)
def test_every_changed_field_is_found(chain: int, forged: dict[str, object]) -> None:
    without_seal("projects_auditentry")
    AuditEntry.objects.filter(number=chain - 2).update(**forged)
    assert chain - 2 in broken_entries()[1] or chain - 1 in broken_entries()[1]
    with pytest.raises(CommandError, match="altered or missing"):
        call_command("verify_audit")


def test_a_missing_entry_is_found(chain: int) -> None:
    without_seal("projects_auditentry")
    AuditEntry.objects.filter(number=chain - 1).delete()
    assert broken_entries()[1] != []


def test_a_cut_off_end_is_found(chain: int) -> None:
    without_seal("projects_auditentry")
    AuditEntry.objects.filter(number=chain).delete()
    assert AuditHead.objects.get().number == chain
    assert broken_entries() == (chain - 1, [chain])
