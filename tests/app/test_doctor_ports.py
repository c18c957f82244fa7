"""What the doctor learns of ports from the system: who waits where, and who may."""

import os
from ipaddress import ip_address
from pathlib import Path

import ifaddr
import pytest

from hardwire.app.doctor import addresses, holders, listeners, rights, sockets
from hardwire.app.doctor.addresses import Addresses
from hardwire.app.doctor.holders import Holder
from hardwire.app.doctor.hub import Hub, State
from hardwire.app.doctor.rights import Rights
from hardwire.app.doctor.sockets import Bound

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 4711 1 0000 100 0 0 10 0
   1: 3201A8C0:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000 100 0 0 10 0
   2: 0100007F:C350 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0000 20 4 30 10 -1
   3: broken
"""
TCP6 = """\
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00:00 00:00 00 1000 0 4714 1 0 1
   1: 0000000000000000FFFF00000100007F:20FB 00000000000000000000000000000000:0000 0A 00:00 00:00 00 1000 0 4715 1 0 1
   2: 000080FE00000000FF57A00001000000:0050 00000000000000000000000000000000:0000 0A 00:00 00:00 00 1000 0 4716 1 0 1
"""


def socket_at(address: str, port: int, *, inode: int = 1, uid: int = 0, transport: str = "tcp") -> Bound:
    """A socket that waits for clients."""
    return Bound(transport, ip_address(address), port, uid, inode)


def paper_process(root: Path, pid: int, *, comm: str, cmdline: str = "", cgroup: str = "0::/\n") -> Path:
    """A process of a paper /proc; returns the folder of its open files."""
    folder = root / "proc" / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "comm").write_text(comm + "\n")
    (folder / "cmdline").write_text(cmdline.replace(" ", "\0") + "\0")
    (folder / "cgroup").write_text(cgroup)
    return folder / "fd"


def test_listening_sockets_are_read_from_the_kernels_lists(tmp_path: Path) -> None:
    net = tmp_path / "proc" / "net"
    net.mkdir(parents=True)
    (net / "tcp").write_text(TCP)
    (net / "tcp6").write_text(TCP6)

    found = sockets.gather(tmp_path)

    assert found == (
        socket_at("0.0.0.0", 80, inode=4711, uid=33),
        socket_at("192.168.1.50", 443, inode=4712),
        socket_at("::", 8080, inode=4714, uid=1000),
        socket_at("127.0.0.1", 8443, inode=4715, uid=1000),
        socket_at("fe80::a0:57ff:0:1", 80, inode=4716, uid=1000),
    )


def test_a_system_without_such_lists_is_known_by_it(tmp_path: Path) -> None:
    assert sockets.gather(tmp_path) is None


@pytest.mark.parametrize(
    ("one", "other", "do_overlap"),
    [
        ("0.0.0.0", "192.168.1.50", True),
        ("192.168.1.50", "192.168.1.50", True),
        ("192.168.1.50", "192.168.1.7", False),
        ("::", "192.168.1.50", True),
        ("0.0.0.0", "::", True),
        ("0.0.0.0", "::1", False),
        ("::", "::1", True),
    ],
)
def test_two_listeners_overlap_where_the_kernel_would_refuse_the_second(one: str, other: str, do_overlap: bool) -> None:
    first, second = ip_address(one), ip_address(other)

    assert sockets.overlap((first, 80), (second, 80)) is do_overlap
    assert sockets.overlap((second, 80), (first, 80)) is do_overlap
    assert not sockets.overlap((first, 80), (second, 81))


def test_open_files_are_found_process_by_process(tmp_path: Path) -> None:
    files = paper_process(tmp_path, 812, comm="nginx")
    (files / "6").symlink_to("socket:[4711]")
    (tmp_path / "proc" / "813").mkdir()
    (tmp_path / "proc" / "self").mkdir()

    found = holders.gather(tmp_path)

    assert found == {"socket:[4711]": 812}


def test_a_process_that_may_not_be_looked_into_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "proc" / "812").mkdir(parents=True)
    (tmp_path / "proc" / "812" / "fd").write_text("no folder, as one that is forbidden is none")

    assert holders.gather(tmp_path) == {}
    assert holders.gather(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("comm", "cmdline", "cgroup", "text"),
    [
        ("nginx", "nginx: master", "0::/system.slice/nginx.service\n", "nginx (process 812, unit nginx.service)"),
        ("python3", "/usr/bin/python3 -u /srv/app.py --port 80", "0::/\n", "app.py (process 812)"),
        ("python3", "python3 -m http.server 80", "0::/\n", "http.server (process 812)"),
        ("python3", "python3", "0::/\n", "python3 (process 812)"),
        ("node", "node --inspect", "0::/\n", "node (process 812)"),
        (
            "python3",
            "python3 -m homeassistant",
            "0::/system.slice/docker-0123456789abcdef.scope\n",
            "homeassistant (process 812, container 0123456789ab)",
        ),
        (
            "caddy",
            "caddy run",
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/caddy.service\n",
            "caddy (process 812)",
        ),
    ],
)
def test_a_holder_is_named_by_program_unit_and_container(
    tmp_path: Path, comm: str, cmdline: str, cgroup: str, text: str
) -> None:
    paper_process(tmp_path, 812, comm=comm, cmdline=cmdline, cgroup=cgroup)

    assert str(holders.holder(tmp_path, 812)) == text


def test_a_process_that_is_gone_is_still_a_program(tmp_path: Path) -> None:
    assert str(holders.holder(tmp_path, 812)) == "a program (process 812)"


def test_the_machines_addresses_are_those_of_its_interfaces() -> None:
    four, six = ifaddr.IP("192.168.1.7", 24, "eth0"), ifaddr.IP(("fe80::1%eth0", 0, 2), 64, "eth0")

    found = addresses.gather(lambda: [ifaddr.Adapter("eth0", "eth0", [four, six])])

    assert found.own == {ip_address("192.168.1.7"), ip_address("fe80::1")}
    assert addresses.is_here(ip_address("192.168.1.7"), found)
    assert addresses.is_here(ip_address("0.0.0.0"), found)
    assert addresses.is_here(ip_address("127.0.0.2"), found)
    assert not addresses.is_here(ip_address("192.168.1.8"), found)


def test_a_listeners_host_is_an_address_or_nothing_that_this_machine_knows() -> None:
    assert addresses.listener_ip("localhost") == ip_address("127.0.0.1")
    assert addresses.listener_ip("fe80::1%eth0") == ip_address("fe80::1")
    assert addresses.listener_ip("hub.example") is None


def test_rights_are_read_from_the_process_the_kernel_and_the_unit(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/status").write_text("Name:\tx\nCapEff:\t0000000000000400\n")
    (tmp_path / "proc/sys/net/ipv4").mkdir(parents=True)
    (tmp_path / "proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("80\n")
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/systemd/system/hardwire.service").write_text(
        "[Service]\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"
    )

    found = rights.gather(tmp_path, "ann")

    assert found == Rights("ann", has_capability=True, first_free_port=80, has_unit=True)


def test_where_nothing_tells_only_root_has_rights(tmp_path: Path) -> None:
    found = rights.gather(tmp_path, "ann")

    assert found == Rights("ann", has_capability=os.geteuid() == 0, first_free_port=1024, has_unit=False)


def test_a_process_without_the_capability_has_no_right(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/status").write_text("Name:\tx\nCapEff:\t0000000000000000\n")

    assert not rights.gather(tmp_path, "ann").may_bind(80)
    assert rights.gather(tmp_path, "ann").may_bind(8080)


def test_holders_are_named_where_their_files_may_be_seen(tmp_path: Path) -> None:
    paper_process(tmp_path, 812, comm="nginx")
    bound = [socket_at("0.0.0.0", 80, inode=7), socket_at("0.0.0.0", 81, inode=8)]

    ports = listeners.gather(
        tmp_path,
        bound,
        {"socket:[7]": 812},
        Addresses(frozenset()),
        Rights("ann", has_capability=False),
        Hub(State.ABSENT),
    )

    assert ports.holders == {7: Holder(812, "nginx")}
