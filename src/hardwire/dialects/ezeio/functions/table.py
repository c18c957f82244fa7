"""Every function of the API by its name in the path, which is its privilege's name too."""

from collections.abc import Callable, Mapping

from hardwire.dialects.ezeio.function import Function, Visit
from hardwire.dialects.ezeio.functions.subscribe import Subscribe

FUNCTIONS: Mapping[str, Callable[[Visit], Function]] = {
    "subscribe": Subscribe,
}
