"""A Redis that is gone, hangs, refuses or holds something else is told apart from one that knows nobody."""

import os
import signal
import socket
import threading
from contextlib import contextmanager

import pytest

from serving.customers.redis import RedisCustomers, hash_field
from serving.customers.source import StoreUnavailableError
from tests.support.servers.feast_stores import redis_server, write

TIMEOUT = 0.2


@pytest.fixture
def server(tmp_path):
    with redis_server(tmp_path) as running:
        write(tmp_path, {"type": "redis", "connection_string": f"127.0.0.1:{running.port}"})
        yield running


def unavailable(store):
    with pytest.raises(StoreUnavailableError) as caught:
        store.read(["ann"])
    assert "ann" not in str(caught.value)


def test_a_hanging_redis_times_out_and_is_read_again_when_it_recovers(server):
    store = RedisCustomers(server.url, TIMEOUT)
    assert store.read(["ann"])

    os.kill(server.process.pid, signal.SIGSTOP)
    unavailable(store)
    os.kill(server.process.pid, signal.SIGCONT)

    assert store.read(["ann"])["ann"].region == "north"


def test_a_stopped_redis_is_unavailable(server):
    store = RedisCustomers(server.url, TIMEOUT)
    store.read(["ann"])

    server.process.kill()
    server.process.wait()

    unavailable(store)


@pytest.mark.parametrize("harm", ["another type", "wrong bytes", "wrong type of value"])
def test_a_customer_with_a_value_of_another_type_is_marked_and_the_others_are_read(server, harm):
    (key,) = [key for key in server.client.scan_iter() if b"ann" in key]
    if harm == "another type":
        server.client.delete(key)
        server.client.set(key, "text")
    elif harm == "wrong bytes":
        server.client.hset(key, hash_field("customer_profile", "region"), b"\xff\xff\xff")
    else:
        server.client.hset(key, hash_field("customer_profile", "avoided_ingredients"), b"\x12\x02hi")

    found = RedisCustomers(server.url, TIMEOUT).read(["ann", "bob", "nobody"])

    assert found["ann"] is None
    assert found["bob"].products == ("p3",)
    assert set(found) == {"ann", "bob"}


def test_a_redis_that_refuses_is_unavailable(server):
    server.client.config_set("requirepass", "secret")

    unavailable(RedisCustomers(server.url, TIMEOUT))


@contextmanager
def speaking(answer):
    """A server that is no Redis and gives every client this answer."""

    def speak():
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=speak, daemon=True).start()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-5\r\n", b"*1000000\r\n", b"\x00" * 100, b""]
)
def test_a_redis_that_answers_garbage_is_unavailable(answer):
    with speaking(answer) as url:
        unavailable(RedisCustomers(url, TIMEOUT))
