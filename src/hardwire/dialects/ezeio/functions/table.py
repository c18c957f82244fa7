"""Every function of the API by its name in the path, which is its privilege's name too."""

from collections.abc import Callable, Mapping

from hardwire.dialects.ezeio.function import Function, Visit
from hardwire.dialects.ezeio.functions.control import Control
from hardwire.dialects.ezeio.functions.eventlog import Eventlog
from hardwire.dialects.ezeio.functions.group import Group
from hardwire.dialects.ezeio.functions.samplelog import samplelog
from hardwire.dialects.ezeio.functions.status import Status
from hardwire.dialects.ezeio.functions.subscribe import Subscribe
from hardwire.dialects.ezeio.functions.syslog import syslog

FUNCTIONS: Mapping[str, Callable[[Visit], Function]] = {
    "control": Control,
    "eventlog": Eventlog,
    "group": Group,
    "samplelog": samplelog,
    "status": Status,
    "subscribe": Subscribe,
    "syslog": syslog,
}
