"""Why a proposal moved between two runs."""

from scoring.backlog.services.ledger.moves import Entry, Ledger, ledger_of

__all__ = ["Entry", "Ledger", "ledger_of"]
