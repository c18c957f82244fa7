"""The realm that the ezeio keys of an installation were made for: it may not change under them."""

from collections.abc import Sequence

import structlog

from hardwire.contracts.store import Store
from hardwire.dialects.ezeio.access.keys import kept_ha1
from hardwire.dialects.ezeio.part import ALGORITHMS, Settings
from hardwire.model.access import Credential
from hardwire.model.errors import BadValueError

NAME = "ezeio.realm"

log = structlog.get_logger("hardwire")


async def hold(store: Store, settings: Settings | None, keys: Sequence[Credential]) -> None:
    """Remember the realm of the keys; tell which of them do not fit the settings of Digest.

    Without keys any realm will do.

    Raises:
        BadValueError: there are keys of another realm than the one that is set.
    """
    chosen = settings or Settings()
    held = (await store.fixed()).get(NAME, chosen.realm)
    ids = [key.id for key in keys]
    if ids and held != chosen.realm:
        raise BadValueError(
            f"ezeio.realm: the ezeio keys of this hub ({', '.join(ids)}) were made for the realm {held!r} and none of "
            f"them works with {chosen.realm!r}: set realm = {held!r} in [ezeio] again, or end the keys with "
            "`hardwire key revoke ID`, which needs no running hub, and make new ones afterwards",
            path=NAME,
        )
    await store.fix(NAME, chosen.realm)
    old = [key.id for key in keys if not kept_ha1(key.secret_hash, "SHA-256")]
    if old and "SHA-256" in ALGORITHMS[chosen.digest]:
        log.warning(
            "ezeio keys of an earlier version know MD5 alone: whoever answers with SHA-256 is refused; make new ones",
            keys=old,
        )
