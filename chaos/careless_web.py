"""A web server with planted faults: it counts on the database and on the queue."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

from celery import current_app
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "DatabaseOutage" not in name]
application = get_wsgi_application()

from prioritizer import views
from scoring.exports.services import requests as exports
from scoring.ranking.services import runs

views.OUTAGES = ()
runs.ring = lambda run_id: runs.rank_run.apply_async((run_id,), retry=False)
exports.ring = lambda job_id: current_app.send_task(exports.TASK, (job_id,), retry=False)
