"""Archives that are made by hand, to see what is refused."""

import hashlib
import io
import tarfile

import msgspec


def contents(good: bytes) -> dict[str, bytes]:
    """The members of a backup by name, the list of contents first."""
    with tarfile.open(fileobj=io.BytesIO(good)) as archive:
        return {one.name: one_file.read() for one in archive if (one_file := archive.extractfile(one)) is not None}


def packed(members: dict[str, bytes]) -> bytes:
    """An archive of members as they are."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, text in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(text)
            archive.addfile(header, io.BytesIO(text))
    return stream.getvalue()


def listed(members: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """The same members with a list of contents that fits them, but for the changes."""
    told = msgspec.json.decode(members["manifest.json"])
    told["members"] = [
        {"name": name, "size": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        for name, text in members.items()
        if name != "manifest.json"
    ]
    return {**members, "manifest.json": msgspec.json.encode({**told, **changes})}
