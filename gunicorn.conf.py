"""How the web server runs, here and in a container. WEB_CONCURRENCY says how many processes."""

import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
graceful_timeout = 3
loglevel = "warning"
control_socket_disable = True
