"""What every one-shot session of this dialect leaves out: it hears no messages, no notices and no clock."""

from datetime import datetime

from hardwire.contracts.session import Acts


class OneShot:
    """A request's session, less its beginning and its replies."""

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A request has one message: itself."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It waits for no time."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """Nothing of it stays."""
        return ()
