"""The hub's own certificate authority on disk, as strict clients check it."""

import ssl
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from hardwire.model.errors import HubFaultError
from hardwire.server.tls.authority import LEAF_LIFE, Authority

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_first_start_makes_the_authority_and_the_next_one_finds_it(tmp_path: Path) -> None:
    first = Authority.open(tmp_path / "new" / "folder", NOW)

    second = Authority.open(tmp_path / "new" / "folder", NOW + timedelta(days=400))

    assert first.pem == second.pem
    assert (tmp_path / "new" / "folder" / "ca.pem").read_text() == first.pem


def test_the_key_is_readable_by_its_owner_alone_and_no_draft_is_left(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)

    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.key", "ca.pem"]


def test_a_key_that_was_opened_to_others_is_closed_again(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)
    (tmp_path / "ca.key").chmod(0o644)

    Authority.open(tmp_path, NOW)

    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600


def test_starts_at_the_same_time_end_with_one_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Authority.open(tmp_path, NOW), range(16)))

    assert len({authority.pem for authority in opened}) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.key", "ca.pem"]


def test_a_start_that_died_between_the_two_files_is_taken_up(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)
    key = (tmp_path / "ca.key").read_bytes()
    (tmp_path / "ca.pem").unlink()

    Authority.open(tmp_path, NOW)

    assert (tmp_path / "ca.key").read_bytes() == key


def test_two_hubs_have_authorities_of_different_names(tmp_path: Path) -> None:
    first = Authority.open(tmp_path / "a", NOW)

    second = Authority.open(tmp_path / "b", NOW)

    assert first.name.startswith("Hardwire ")
    assert first.name.endswith(" CA")
    assert first.name != second.name
    assert first.fingerprint != second.fingerprint


def test_a_certificate_without_its_key_is_refused_with_the_way_out(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)
    (tmp_path / "ca.key").unlink()

    with pytest.raises(HubFaultError, match=r"restore .*ca\.key from a backup"):
        Authority.open(tmp_path, NOW)


def test_files_of_two_authorities_are_refused(tmp_path: Path) -> None:
    Authority.open(tmp_path / "a", NOW)
    Authority.open(tmp_path / "b", NOW)
    (tmp_path / "a" / "ca.pem").write_bytes((tmp_path / "b" / "ca.pem").read_bytes())

    with pytest.raises(HubFaultError, match="do not belong together"):
        Authority.open(tmp_path / "a", NOW)


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n", bytes(range(256))])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    Authority.open(tmp_path, NOW)
    (tmp_path / name).write_bytes(content)

    with pytest.raises(HubFaultError, match=f"{name} is damaged"):
        Authority.open(tmp_path, NOW)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ca.key").write_bytes(pem)

    with pytest.raises(HubFaultError, match="no elliptic curve key"):
        Authority.open(tmp_path, NOW)


def test_an_expired_authority_is_refused_with_its_date(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)

    with pytest.raises(HubFaultError, match="expired on 2036"):
        Authority.open(tmp_path, NOW + timedelta(days=3653))


def test_a_clock_that_was_never_set_makes_no_authority(tmp_path: Path) -> None:
    with pytest.raises(HubFaultError, match="The clock says 1970-01-01"):
        Authority.open(tmp_path, datetime(1970, 1, 1, 0, 1, tzinfo=UTC))

    assert not (tmp_path / "ca.pem").exists()


def test_a_data_folder_that_is_a_file_is_a_fault_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(HubFaultError, match="cannot use the certificate authority"):
        Authority.open(tmp_path / "taken", NOW)


def test_an_authority_in_memory_touches_no_disk() -> None:
    assert Authority.create(NOW).not_after > NOW + timedelta(days=3650)


def test_the_authority_carries_what_strict_verification_asks(tmp_path: Path) -> None:
    certificate = x509.load_pem_x509_certificate(Authority.open(tmp_path, NOW).pem.encode())

    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)

    assert certificate.version is x509.Version.v3
    assert constraints.critical
    assert constraints.value.ca
    assert usage.critical
    assert usage.value.key_cert_sign
    assert not usage.value.digital_signature
    assert certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.key_identifier


def test_a_leaf_passes_the_browsers_profile_of_verification() -> None:
    authority = Authority.create(NOW)
    leaf = x509.load_pem_x509_certificate(authority.issue("hub", NOW, hosts=["localhost"]).certificate_pem)
    store = Store([x509.load_pem_x509_certificate(authority.pem.encode())])

    verifier = PolicyBuilder().store(store).time(NOW).build_server_verifier(x509.DNSName("localhost"))

    assert len(verifier.verify(leaf, [])) == 2


def test_a_leaf_has_a_usage_and_the_names_it_was_made_for() -> None:
    leaf = Authority.create(NOW).issue("hub", NOW, hosts=["localhost"], addresses=[IPv4Address("127.0.0.1")])

    certificate = x509.load_pem_x509_certificate(leaf.certificate_pem)

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == LEAF_LIFE


def test_a_leaf_without_hosts_has_no_dns_name() -> None:
    leaf = Authority.create(NOW).issue("appliance/p1dongle/5c2fafaabbcc", NOW)

    certificate = x509.load_pem_x509_certificate(leaf.certificate_pem)

    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "appliance/p1dongle/5c2fafaabbcc"
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_a_leaf_never_outlives_its_authority() -> None:
    authority = Authority.create(NOW)

    leaf = authority.issue("hub", NOW + timedelta(days=3600))

    assert leaf.not_after == authority.not_after


def test_a_clock_that_was_set_back_makes_no_leaf_older_than_its_authority() -> None:
    authority = Authority.create(NOW)

    leaf = authority.issue("hub", NOW - timedelta(days=30))

    assert leaf.not_before == NOW - timedelta(days=1)


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_common_name_that_x509_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="length"):
        Authority.create(NOW).issue(name, NOW)


def test_openssl_loads_the_authority_as_a_root() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    context.load_verify_locations(cadata=Authority.create(NOW).pem)

    assert context.cert_store_stats()["x509_ca"] == 1
