"""A web server with planted faults: it counts on the database and on the queue."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

from celery import current_app
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "DatabaseOutage" not in name]
application = get_wsgi_application()

from jobs.services import outbox
from prioritizer import views
from scoring.exports.services import requests as exports
from scoring.ranking.services import runs

views.OUTAGES = ()
for asking in (runs, exports, outbox):
    asking.ring = lambda kind, pk: current_app.send_task(kind.task, (pk,), retry=False)
