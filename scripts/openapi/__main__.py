"""Writes the OpenAPI description of the HomeWizard dialect from the tables that the dialect answers by.

`scripts/openapi` renews docs/reference/dialects/homewizard.openapi.yaml; `scripts/openapi --check` changes nothing and
ends with status 1 when the file is behind the code.
"""

import sys
from pathlib import Path
from typing import Any

import schemas_v1
import schemas_v2
from paths import SERVER_V2, all_paths, responses
from yamltext import dump

from hardwire.dialects.homewizard.products.catalogue import NEWEST_API
from hardwire.dialects.homewizard.v2.rest import API_MAJOR

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "dialects" / "homewizard.openapi.yaml"
HEAD = "# Made by scripts/openapi from the dialect's own tables; `make docs` renews it.\n"
NOTES = (
    "v2 is spoken over TLS with a token; v1 over plain HTTP without one, where its owner has switched it on.",
    "Each device has an address of its own; what it answers depends on the product that it is shown as.",
    "A method that a path has not is answered 405 with `Allow`.",
    "A slash at the end of a path is passed over, and a body is read as JSON whatever its Content-Type says.",
    "The messages of the WebSocket are in homewizard.md beside this file.",
)


def main() -> int:
    """Return the exit status."""
    text = HEAD + dump(description())
    if sys.argv[1:] == ["--check"]:
        if PAGE.exists() and PAGE.read_text("utf-8") == text:
            return 0
        print(f"openapi: {PAGE.relative_to(ROOT)} is behind the code: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(text, "utf-8")
    return 0


def description() -> dict[str, Any]:  # Any: an OpenAPI document
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HomeWizard Energy, as Hardwire speaks it",
            "version": NEWEST_API,
            "summary": "The local API of energy meters, batteries, sockets and water meters, in both of its versions.",
            "description": "\n".join(NOTES),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [SERVER_V2],
        "tags": [
            {"name": "v2", "description": "Over TLS, with a token."},
            {"name": "v1", "description": "Over plain HTTP, for the addresses that the owner allows."},
        ],
        "paths": all_paths(),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "32 hex digits, told by `POST /api/user` after a press of the button.",
                }
            },
            "parameters": {
                "X-Api-Version": {
                    "name": "X-Api-Version",
                    "in": "header",
                    "description": (
                        "The major version that the client speaks, the newest where it is missing or empty. A full "
                        "version that the device has reached is taken too."
                    ),
                    "schema": {"enum": [API_MAJOR, ""]},
                }
            },
            "headers": {
                "X-Api-Version": {
                    "description": "The release that answers; a product that has v1 alone has none.",
                    "schema": {"type": "string", "pattern": schemas_v2.VERSION},
                }
            },
            "responses": responses(),
            "schemas": schemas_v2.schemas() | schemas_v1.schemas(),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
