"""The hub's certificate authority as a file to fetch: it is public, and phones have no other way to get it."""

from base64 import b64decode

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.dialects.hub import wire

PEM_PATH = "/ca.pem"
# The binary form, for what reads no text.
DER_PATH = "/ca.crt"
PATHS = (PEM_PATH, DER_PATH)
# Phones and browsers offer to install what has this type, in either form, unless it is sent as an attachment.
TYPE = "application/x-x509-ca-cert"


def shown(request: Request, pem: str) -> Respond:
    """Return the certificate, PEM or binary as the path asks."""
    if request.method not in ("GET", "HEAD"):
        body = wire.json({"error": {"code": "method", "message": "use GET, HEAD"}})
        return Respond(405, body, headers={"Allow": "GET, HEAD"})
    if not pem:
        return Respond(404, wire.json({"error": {"code": "unknown", "message": "there is no authority to show"}}))
    body = pem.encode() if request.path == PEM_PATH else _der(pem)
    # A cache may not keep it: whoever restores another data folder has another authority.
    return Respond(200, body, TYPE, headers={"Cache-Control": "no-store"})


def _der(pem: str) -> bytes:
    """The binary form of a PEM (RFC 7468): what stands between its two lines of dashes."""
    return b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))
