"""Hands the registers of this app on to Django's admin."""

from scoring.panel.admin import SeatAdmin

__all__ = ["SeatAdmin"]
