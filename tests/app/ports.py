"""Ports that nobody listens on."""

import socket
from collections.abc import Sequence
from contextlib import ExitStack


def free_ports(count: int, host: str = "127.0.0.1") -> Sequence[int]:
    """Return that many, each another one. They were free a moment ago: nothing keeps them so."""
    with ExitStack() as stack:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        held = [stack.enter_context(socket.socket(family)) for _ in range(count)]
        for one in held:
            one.bind((host, 0))
        return [int(one.getsockname()[1]) for one in held]


def free_port() -> int:
    """Return one."""
    return free_ports(1)[0]
