"""The shape of a bearer token: prefix, 256 random bits, checksum."""

import re
import string

import pytest

from scim.provisioning.token_format import PREFIX, digest, generate, hint, well_formed

ALPHABET = string.ascii_letters + string.digits


def test_it_works() -> None:
    token = generate()
    assert re.fullmatch(r"peakon_scim_[0-9A-Za-z]{49}", token)
    assert well_formed(token)
    assert hint(token) == token[-4:]


def test_two_hundred_and_fifty_six_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = []
    for number in (2**256 - 1, 2**256 - 2, 2**255 - 1, 0):
        monkeypatch.setattr("secrets.randbits", {256: number}.__getitem__)
        bodies.append(generate()[len(PREFIX) : -6])
    assert len(set(bodies)) == 4, "the highest and the lowest bit are in the token"
    assert {len(body) for body in bodies} == {43}


def test_no_two_are_alike() -> None:
    assert len({generate() for _ in range(1000)}) == 1000


def test_every_typing_error_in_one_place_is_found() -> None:
    token = generate()
    for place in range(len(PREFIX), len(token)):
        other = ALPHABET[(ALPHABET.index(token[place]) + 1) % len(ALPHABET)]
        assert not well_formed(token[:place] + other + token[place + 1 :])


def test_neighbours_swapped_are_found() -> None:
    token = generate()
    for place in range(len(PREFIX), len(token) - 1):
        swapped = token[:place] + token[place + 1] + token[place] + token[place + 2 :]
        assert swapped == token or not well_formed(swapped)


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: f"{token}\n",
        lambda token: f" {token}",
        lambda token: token.removeprefix(PREFIX),
        lambda token: token.upper(),
        lambda token: token.replace("peakon", "other_"),
        lambda token: token[:-1] + "٣",
        lambda token: token[:-1] + "\0",
    ],
)
def test_another_shape_is_refused(damage: object) -> None:
    assert callable(damage)
    assert not well_formed(damage(generate()))


def test_the_digest_is_sha_256_of_the_whole_token() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
