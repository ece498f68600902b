import socket

import pytest

from tests.support.servers import claimed_port


def test_two_who_claim_get_two_ports_also_while_their_servers_are_down():
    with claimed_port.claimed_port() as one, claimed_port.claimed_port() as other:
        assert one != other
        assert {one, other} <= {*claimed_port.PORTS}


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(claimed_port, "PORTS", range(port, port + 1))
        with pytest.raises(pytest.fail.Exception, match="no port is free"), claimed_port.claimed_port():
            pass


def test_a_server_can_listen_on_a_claimed_port():
    with claimed_port.claimed_port() as port, socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port
