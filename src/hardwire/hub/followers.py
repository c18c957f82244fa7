"""Drivers that make something of other devices' values: each is woken when one of its sources has news."""

from collections.abc import Callable


class Followers:
    """Owns who follows which device. Waking never waits."""

    def __init__(self) -> None:
        self._wakes: dict[str, dict[object, Callable[[], None]]] = {}

    def follow(self, device: str, on_news: Callable[[], None]) -> Callable[[], None]:
        """Wake by `on_news` from now on; what is returned ends it, and may be called twice."""
        key = object()
        self._wakes.setdefault(device, {})[key] = on_news

        def stop() -> None:
            wakes = self._wakes.get(device, {})
            wakes.pop(key, None)
            if not wakes:
                self._wakes.pop(device, None)

        return stop

    def wake(self, device: str) -> None:
        """The device has told something, came or went."""
        wakes = self._wakes.get(device)
        if wakes:
            for on_news in list(wakes.values()):
                on_news()
