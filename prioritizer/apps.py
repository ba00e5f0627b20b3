"""App configurations of the shell and of its admin."""

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps

from projects.immutability import Seal, keep_sealed


class PrioritizerConfig(AppConfig):
    name = "prioritizer"
    verbose_name = "Prioritizer"

    def ready(self) -> None:
        # Jobs know nobody, so what seals rows is brought to them from here.
        keep_sealed(apps.get_app_config("jobs"), [Seal("jobs_message", when="OLD.status = 'done'")])


class AdminConfig(admin_apps.AdminConfig):
    default_site = "prioritizer.admin_site.PrioritizerAdminSite"
