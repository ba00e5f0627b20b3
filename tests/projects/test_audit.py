"""The audit chain finds every alteration."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from projects.models import AuditEntry, AuditHead
from projects.services.audit import broken_entries, record
from tests.company import Company


def unsealed() -> None:
    """Do what an intruder with the database in hand would do first: drop the trigger."""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on = " ON projects_auditentry" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS projects_auditentry_no_{event}{on}")


@pytest.fixture
def chain(company: Company) -> int:
    for number in range(5):
        record(actor=company.admin, action="test.act", subject=f"thing:{number}", number=number)
    return AuditEntry.objects.count()


def test_an_untouched_chain_is_whole(chain: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert broken_entries() == (chain, [])
    call_command("verify_audit")
    assert f"{chain} entries read; the chain is whole." in capsys.readouterr().out


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
    unsealed()
    AuditEntry.objects.filter(number=chain - 2).update(**forged)
    assert chain - 2 in broken_entries()[1] or chain - 1 in broken_entries()[1]
    with pytest.raises(CommandError, match="altered or missing"):
        call_command("verify_audit")


def test_a_missing_entry_is_found(chain: int) -> None:
    unsealed()
    AuditEntry.objects.filter(number=chain - 1).delete()
    assert broken_entries()[1] != []


def test_a_cut_off_end_is_found(chain: int) -> None:
    unsealed()
    AuditEntry.objects.filter(number=chain).delete()
    assert AuditHead.objects.get().number == chain
    assert broken_entries() == (chain - 1, [chain])
