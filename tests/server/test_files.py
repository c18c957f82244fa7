"""How many files a process may open."""

import resource
import subprocess
import sys

import pytest

from hardwire.server.files import open_files_limit, raise_files_limit

LOWERED = """
import resource
from hardwire.server.files import open_files_limit, raise_files_limit
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
before = open_files_limit()
raise_files_limit()
print(before, open_files_limit() == min(hard, 1 << 20))
"""


def test_a_process_gets_as_many_files_as_its_user_may_have() -> None:
    told = subprocess.run([sys.executable, "-c", LOWERED], capture_output=True, text=True, check=True, timeout=60)

    assert told.stdout.split() == ["256", "True"]


@pytest.mark.parametrize(
    ("limits", "wished", "told"),
    [
        ((1024, 4096), [(4096, 4096)], 1024),
        ((4096, 4096), [], 4096),
        ((1024, resource.RLIM_INFINITY), [(1 << 20, resource.RLIM_INFINITY)], 1024),
        ((1024, 1 << 30), [(1 << 20, 1 << 30)], 1024),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), [], -1),
    ],
)
def test_what_is_asked_of_the_system_is_what_it_allows(
    limits: tuple[int, int], wished: list[tuple[int, int]], told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda which, wish: asked.append(wish))

    raise_files_limit()

    assert asked == wished
    assert open_files_limit() == told


def test_a_sandbox_that_forbids_it_leaves_what_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(which: int, wish: tuple[int, int]) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(resource, "getrlimit", lambda which: (64, 128))
    monkeypatch.setattr(resource, "setrlimit", forbid)

    raise_files_limit()

    assert open_files_limit() == 64
