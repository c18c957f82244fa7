"""The numbers and texts that many words share."""

from hypothesis import strategies as st

PINS = st.integers(0, 40)
IO_PINS = st.integers(0, 39)
U16 = st.integers(0, 0xFFFF)
U32 = st.integers(0, 0xFFFFFFFF)
UNIX_MS = st.integers(0, (1 << 53) - 1)
OCTETS = st.binary(max_size=80)
BITS = st.lists(st.sampled_from([0, 1]), max_size=40).map(bytes)
WHOLE_BYTES = st.lists(st.tuples(*[st.sampled_from([0, 1])] * 8), max_size=5).map(
    lambda octets: b"".join(map(bytes, octets))
)
# No half of a surrogate pair: no encoding can carry it.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
