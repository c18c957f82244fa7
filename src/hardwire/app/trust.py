"""How each known client is brought to trust the hub's authority: one text for the command line and the documentation.

Source: HomeWizard reference, section 5.2.
"""

from collections.abc import Mapping
from textwrap import fill

from msgspec import Struct

FILE = "hardwire-ca.pem"
PAGE_WIDTH = 130


class Guide(Struct, frozen=True, kw_only=True):
    """The way for one client."""

    title: str
    verdict: str
    """In a few words: whether it speaks TLS with the hub, and on which condition."""
    steps: tuple[str, ...]
    """Sentences; what is indented by four spaces is to be copied."""


_V1 = (
    "Switch v1 on for the device and say who may use it; v1 has no password. It is given an address of its own, since "
    "these programs ask at port 80:",
    '    homewizard = { serial = "5c2faf0a0b0c", v1 = true, v1_allow = ["192.168.1.0/24"], http = "192.168.1.50:80" }',
)
_MACHINE = (
    "On Debian, Ubuntu and Raspberry Pi OS:",
    f"    sudo cp {FILE} /usr/local/share/ca-certificates/hardwire.crt && sudo update-ca-certificates",
)

GUIDES: Mapping[str, Guide] = {
    "homeassistant": Guide(
        title="Home Assistant",
        verdict="v1; its HomeWizard integration trusts the manufacturer's authority alone",
        steps=(
            *_V1,
            "Home Assistant then finds the device by itself; else add the integration HomeWizard with 192.168.1.50.",
            "Its `rest` sensors read v2 where their machine trusts the CA. In a container `verify_ssl: false` on that "
            "sensor is the way, which gives up the check.",
        ),
    ),
    "python-homewizard-energy": Guide(
        title="python-homewizard-energy",
        verdict="v2, once its pinned authority is replaced before the first request",
        steps=(
            "    import homewizard_energy.v2",
            f'    homewizard_energy.v2.CACERT = open("{FILE}").read()',
            '    api = homewizard_energy.HomeWizardEnergyV2("192.168.1.50", token=TOKEN, '
            'identifier="appliance/p1dongle/5c2faf0a0b0c")',
            "With `identifier` it checks that it speaks to that very device. A ClientSession that checks nothing does "
            "not help: the library brings its own context to each request. Its class for v1 needs none of this.",
        ),
    ),
    "iobroker": Guide(
        title="ioBroker",
        verdict="no; its homewizard adapter trusts the manufacturer's authority alone and speaks no v1",
        steps=(
            *_V1,
            "Read http://192.168.1.50/api/v1/data with an adapter for JSON over HTTP.",
        ),
    ),
    "astrameter": Guide(
        title="AstraMeter",
        verdict="v2, with its option not to verify",
        steps=(
            "In its configuration, in the section of the HomeWizard meter:",
            "    VERIFY_SSL = False",
            "The connection is encrypted then, but not checked.",
        ),
    ),
    "homewizard-cli": Guide(
        title="homewizard-cli",
        verdict="v2; it trusts what its machine trusts",
        steps=(
            *_MACHINE,
            "Or call it with `--no-verify`: encrypted then, but not checked.",
        ),
    ),
    "evcc": Guide(
        title="evcc",
        verdict="v2 as it is; it does not check",
        steps=("Add the meter by its address, and run `hardwire press DEVICE` while evcc waits for the button.",),
    ),
    "homey": Guide(
        title="Homey",
        verdict="v2 as it is; it does not check",
        steps=(
            "It finds the device by mDNS. Where it asks for the button, run `hardwire press DEVICE`.",
            "It looks for `p1meter-...` and `battery-...` on the network, so the hub has to announce them "
            "(`discovery` in the configuration).",
        ),
    ),
    "homewizard-app": Guide(
        title="The manufacturer's app, cloud and batteries",
        verdict="no; nobody else can make a certificate for them",
        steps=("They pair through the manufacturer's cloud, which knows its own devices only.",),
    ),
    "curl": Guide(
        title="curl",
        verdict="yes",
        steps=(
            f'    curl --cacert {FILE} -H "Authorization: Bearer TOKEN" https://HUB:8443/api/measurement',
            "HUB is an address at which the hub listens, or a name that it goes by.",
        ),
    ),
    "python": Guide(
        title="Python",
        verdict="yes",
        steps=(
            "requests:",
            f'    requests.get("https://HUB:8443/api/measurement", headers=headers, verify="{FILE}")',
            "aiohttp (`ssl=context`), httpx (`verify=context`), websockets (`ssl=context`):",
            f'    context = ssl.create_default_context(cafile="{FILE}")',
            "`REQUESTS_CA_BUNDLE` works too, but replaces all other authorities of that program. "
            "The stricter checks of Python 3.13 are met.",
        ),
    ),
    "node": Guide(
        title="Node, obniz.js as well",
        verdict="yes",
        steps=(
            f"    NODE_EXTRA_CA_CERTS={FILE} node program.js",
            f'adds the CA to those that Node knows. In code: `https.get(url, {{ ca: readFileSync("{FILE}") }})`.',
        ),
    ),
    "browser": Guide(
        title="A browser",
        verdict="yes, once the CA is imported",
        steps=(
            "Firefox: open http://HUB:8080/ca.pem, or Settings, Privacy & Security, View Certificates, Authorities, "
            'Import; tick "identify websites".',
            "Chrome and Chromium on Linux (package libnss3-tools):",
            f'    certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n Hardwire -i {FILE}',
            "Chrome, Edge and Safari elsewhere go by the machine.",
            "Compare the fingerprint with `hardwire ca show` before you trust what came over plain HTTP.",
        ),
    ),
    "machine": Guide(
        title="The whole machine",
        verdict="yes",
        steps=(
            *_MACHINE,
            "On Fedora: copy it to /etc/pki/ca-trust/source/anchors and run `sudo update-ca-trust`.",
            "On macOS:",
            f"    sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {FILE}",
            "On Windows, as an administrator:",
            f"    certutil -addstore Root {FILE}",
        ),
    ),
    "android": Guide(
        title="Android",
        verdict="browsers yes; other apps only where they say that they take a user's authorities",
        steps=(
            "Run `hardwire ca export --qr` and scan what it shows: the phone loads the file.",
            "Settings, Security, Encryption & credentials, Install a certificate, CA certificate; choose the file.",
            "Compare the fingerprint under Trusted credentials, User, with `hardwire ca show`.",
        ),
    ),
    "ios": Guide(
        title="iPhone and iPad",
        verdict="yes, once it is trusted in full",
        steps=(
            "Run `hardwire ca export --qr`, scan what it shows with the camera, open it in Safari, allow the profile.",
            "Settings, General, VPN & Device Management: install the profile. Under More Details is the fingerprint to "
            "compare with `hardwire ca show`.",
            "Settings, General, About, Certificate Trust Settings: switch on full trust for it.",
        ),
    ),
}


def told(guide: Guide) -> str:
    """Return a guide as it is printed on a terminal."""
    return "\n".join([f"{guide.title}: {guide.verdict}", "", *guide.steps])


def documented() -> str:
    """Return all of them as a page shows them: what is to be copied stands in blocks."""
    lines: list[str] = []
    for name, guide in GUIDES.items():
        lines += [f"### {guide.title}", "", f"`--for {name}`. TLS with the hub: {guide.verdict}.", ""]
        is_code = False
        for step in guide.steps:
            if step.startswith("    ") is not is_code:
                lines += ["```"] if not is_code else ["```", ""]
                is_code = not is_code
            lines += [step.strip()] if is_code else [fill(step, PAGE_WIDTH), ""]
        lines += ["```", ""] if is_code else []
    return "\n".join(lines).rstrip()
