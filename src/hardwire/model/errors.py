"""Errors by whose fault they are."""


class HardwireError(Exception):
    """The base of every error the hub raises on purpose.

    `code` is stable and meant for programs; the text is a sentence that says what to do.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        if code is not None:
            self.code = code


class CallerError(HardwireError):
    """The caller has to change the request."""

    code = "caller"


class BadValueError(CallerError):
    """A value has the wrong type or is out of range; `path` names it."""

    code = "bad-value"


class NotAllowedError(CallerError):
    """The caller's credential does not reach that far."""

    code = "not-allowed"


class UnknownError(CallerError):
    """What the caller names does not exist."""

    code = "unknown"


class DeviceError(HardwireError):
    """The device cannot now; try later."""

    code = "device"


class HubFaultError(HardwireError):
    """The hub itself failed; call its operator."""

    code = "hub-fault"
