"""Networks in sight, hidden ones too."""

from hypothesis import strategies as st

from hardwire.model.board.wifi import ScanWifi, WifiNetwork, WifiScanned
from tests.dialects.obniz.loss import Loss

NETWORKS = st.builds(
    WifiNetwork,
    st.text(alphabet=st.characters(max_codepoint=127), max_size=12) | st.sampled_from(["", "はろー"]),
    st.text(alphabet="0123456789abcdef", min_size=12, max_size=12),
    st.integers(-128, 127),
)


def _seen(scanned: WifiScanned) -> tuple[WifiScanned] | None:
    if not all(one.ssid.isascii() for one in scanned.networks):
        return None
    return (WifiScanned(tuple(one for one in scanned.networks if one.ssid)),)


COMMANDS = {ScanWifi: st.just(ScanWifi())}
HAPPENINGS = {WifiScanned: st.builds(WifiScanned, st.lists(NETWORKS, max_size=4).map(tuple))}
FRAME_LOSSES = {
    WifiScanned: Loss("hidden networks are left out, and there is no frame for a name that is not ASCII", _seen)
}
