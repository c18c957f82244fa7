"""What every journey may ask for: the demo hub, a hub of its own, a client that nobody here wrote."""

import itertools
import signal
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from tests.journeys.client import MUST_HAVE_ALL, Client, MissingClientError, find_client
from tests.journeys.hub import Hub, running_hub, start_hub

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has what it runs in the background ignore Ctrl-C; every command that is tried here would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


class StartHub(Protocol):
    """Start a hub for this test alone; what still runs at its end is stopped."""

    def __call__(
        self,
        *options: str,
        demo: bool = True,
        data: Path | None = None,
        config: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Hub:
        """Start it as `tests.journeys.hub.start_hub` does."""
        ...


@pytest.fixture(scope="session")
def demo_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The demo hub that journeys share: leave it as you found it."""
    with running_hub(tmp_path_factory.mktemp("demo-hub")) as hub:
        yield hub


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[StartHub]:
    """Start hubs of the test's own."""
    hubs: list[Hub] = []
    numbers = itertools.count(1)

    def start(
        *options: str,
        demo: bool = True,
        data: Path | None = None,
        config: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Hub:
        hub = start_hub(tmp_path / f"hub-{next(numbers)}", *options, demo=demo, data=data, config=config, env=env)
        hubs.append(hub)
        return hub

    yield start
    running = [hub for hub in hubs if hub.is_running]
    try:
        for hub in running:
            hub.stop()
    finally:
        for hub in running:
            if hub.is_running:
                hub.kill()


@pytest.fixture(scope="session")
def client() -> Callable[[str], Client]:
    """Find a client by the name that `scripts/clients` knows it by: `homewizard`, `obniz-js`, `curl`, `chromium`, ...

    Where it cannot run, the test is skipped and the sentence says why; in CI that is a failure.
    """
    found: dict[str, Client] = {}

    def find(name: str) -> Client:
        if name not in found:
            try:
                found[name] = find_client(name)
            except MissingClientError as error:
                pytest.skip(str(error))
        return found[name]

    return find


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.CallInfo[None], None]:
    """Turn every skip of a journey into a failure in CI: what real clients need is kept or broken, never skipped."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's Result, which the annotation cannot name
    if MUST_HAVE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: no journey may be skipped in CI. {reason}"
