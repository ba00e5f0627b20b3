"""Ringing the queue never holds up whoever rings, whatever state the queue is in."""

import os
import signal
import time
from typing import Any

import pytest
import redis
from kombu.exceptions import OperationalError

from prioritizer.celery import app
from prioritizer.processes import Children
from prioritizer.queue_server import start_queue

LONGEST_RING = 5.0


def ring(address):
    """Send to a queue of our own, so that no worker takes it for its work."""
    with app.connection_for_write(address) as connection:
        app.send_task("tests.ring", args=[1], queue="tests", connection=connection, retry=False)


def test_a_ring_arrives_as_json(queue_url):
    client = redis.Redis.from_url(queue_url.replace("redis+socket", "unix"))
    client.delete("tests")
    ring(queue_url)
    (message,) = client.lrange("tests", 0, -1)
    client.delete("tests")
    assert b'"content-type": "application/json"' in message


def test_without_a_queue_a_ring_goes_nowhere_at_once():
    began = time.monotonic()
    ring("memory://nobody")
    assert time.monotonic() - began < 1


def test_a_dead_queue_refuses_at_once(tmp_path):
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ring(f"redis+socket://{tmp_path}/nobody.sock")
    assert time.monotonic() - began < LONGEST_RING


def test_a_frozen_queue_is_given_up_soon(tmp_path_factory):
    with Children() as children:
        address = start_queue(children, tmp_path_factory.mktemp("q"))
        server = children.children[0].process.pid
        ring(address)
        os.kill(server, signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises(OperationalError):
                ring(address)
        finally:
            os.kill(server, signal.SIGCONT)
        assert time.monotonic() - began < LONGEST_RING
        ring(address)


def test_a_worker_looks_for_a_lost_queue_every_two_seconds(tmp_path, monkeypatch):
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda _: None)
    pauses = []
    connection = app.connection_for_read(f"redis+socket://{tmp_path}/nobody.sock")
    with connection, pytest.raises(OperationalError):
        connection.ensure_connection(lambda _error, pause: pauses.append(pause), 20)
    assert len(pauses) == 20
    assert max(pauses) == 2


def test_a_ring_from_before_the_queue_was_lost_does_not_end_the_worker(queue_url):
    """The worker acknowledges on a channel that was closed under it: an error that it handles."""
    connection = app.connection_for_read(queue_url)
    connection.connect()
    channel: Any = connection.default_channel
    connection.collect()
    errors = connection.connection_errors
    with pytest.raises(errors):
        channel.qos.ack("a ring of before")
    assert AttributeError not in errors
