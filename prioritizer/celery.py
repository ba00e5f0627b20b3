"""The Celery application: a doorbell for rows that already stand in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

app = Celery("prioritizer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
