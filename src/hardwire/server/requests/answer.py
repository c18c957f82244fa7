"""An answer of a dialect as aiohttp sends it."""

from collections.abc import Mapping

from aiohttp import hdrs, web

from hardwire.contracts.act import Respond
from hardwire.server.sockets.handshake import SERVER

NO_CONTENT = 204


def response_of(answer: Respond, headers: Mapping[str, str]) -> web.Response:
    """Return the response of an answer, with these headers besides its own."""
    is_sized = answer.status == NO_CONTENT and hdrs.CONTENT_LENGTH in answer.headers
    response = (_SizedNothing if is_sized else web.Response)(
        status=answer.status,
        body=answer.body,
        headers={"Server": SERVER, "Content-Type": answer.content_type, **answer.headers, **headers},
    )
    if answer.status == NO_CONTENT:
        del response.headers["Content-Type"]
    for challenge in answer.challenges:
        response.headers.add(hdrs.WWW_AUTHENTICATE, challenge)
    if answer.close:
        response.force_close()
    return response


class _SizedNothing(web.Response):
    """No content, of a length that is told: 0, for dialects whose devices tell it.

    RFC 9110 (section 8.6) wants no Content-Length here, and aiohttp takes away what it finds. Most clients pass it
    over; small ones that were made for such devices read on until the connection ends where none is told.
    """

    async def _write_headers(self) -> None:
        self.headers[hdrs.CONTENT_LENGTH] = "0"
        await super()._write_headers()
