"""App configurations of the shell and of its admin."""

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps

from projects.immutability import Seal, keep_sealed

SEALS_OF_JOBS = [Seal("jobs_message", when="OLD.status = 'done'")]


class PrioritizerConfig(AppConfig):
    name = "prioritizer"
    verbose_name = "Prioritizer"

    def ready(self) -> None:
        # Jobs know nobody, so what seals rows is brought to them from here.
        keep_sealed(apps.get_app_config("jobs"), SEALS_OF_JOBS)


class AdminConfig(admin_apps.AdminConfig):
    default_site = "prioritizer.admin_site.PrioritizerAdminSite"
