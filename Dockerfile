# One image for web, worker and scheduler. Any base will do that has python3 (3.11 or newer) with venv and pip.
ARG BASE=python:3.11-slim
FROM ${BASE}

ENV PYTHONUNBUFFERED=1
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin
ENV STATIC_ROOT=/app/static
ENV VAR_DIR=/data

WORKDIR /app

COPY requirements-uv.txt requirements.txt ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && .venv/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python .venv/bin/python -r requirements.txt

COPY manage.py gunicorn.conf.py ./
COPY prioritizer prioritizer
COPY jobs jobs
COPY projects projects
COPY scoring scoring
COPY templates templates
RUN .venv/bin/python -m compileall -q manage.py prioritizer jobs projects scoring \
    && VAR_DIR=/app/build .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r /app/build

# Nothing under /app can be written by the user that runs it; /data holds uploads and mail files.
RUN mkdir -p /data && chown 10001:10001 /data && chmod 700 /data
VOLUME /data
USER 10001:10001

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "prioritizer.wsgi"]
