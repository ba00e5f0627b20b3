"""The panel's workplace in the admin, and plain registers for the administrator."""

from scoring.admin import registers
from scoring.admin.urls import panel_urls

__all__ = ["panel_urls", "registers"]
