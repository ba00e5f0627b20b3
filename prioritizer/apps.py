"""App configurations of the shell and of its admin."""

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps

from projects.immutability import Seal, keep_sealed

SEALS_OF_JOBS = [Seal("jobs_message", when="OLD.status = 'done'")]


class PrioritizerConfig(AppConfig):
    name = "prioritizer"
    verbose_name = "Prioritizer"

    def ready(self) -> None:
        # Jobs know nobody, so what seals rows, and who delivers events, is told to them from here.
        keep_sealed(apps.get_app_config("jobs"), SEALS_OF_JOBS)
        from jobs.models import Message
        from jobs.services import outbox
        from projects.events.services import deliver, hand_over

        outbox.DELIVER[Message.Kind.WEBHOOK] = deliver
        outbox.AFTER[Message.Kind.WEBHOOK] = lambda told: hand_over(told.payload["webhook"])


class AdminConfig(admin_apps.AdminConfig):
    default_site = "prioritizer.admin_site.PrioritizerAdminSite"
