"""App configurations of the shell and of its admin."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PrioritizerConfig(AppConfig):
    name = "prioritizer"
    verbose_name = "Prioritizer"


class AdminConfig(admin_apps.AdminConfig):
    default_site = "prioritizer.admin_site.PrioritizerAdminSite"
