"""Secrets that are stored: sealed, opened, sealed anew under another key, and never shown."""

import pytest

from bot.vault import NoKeyError, Vault, WrongKeyError, new_key


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    vault = Vault([new_key()])

    sealed = vault.seal("xoxb-1-秘密")

    assert "xoxb" not in sealed
    assert vault.open(sealed) == "xoxb-1-秘密"
    assert vault.seal("xoxb-1-秘密") != sealed, "equal secrets are not seen to be equal"


def test_a_new_key_goes_in_front_and_the_old_one_still_opens() -> None:
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal("secret")
    both = Vault([new, old])

    renewed = both.sealed_anew(sealed)

    assert both.open(sealed) == "secret"
    assert Vault([new]).open(renewed) == "secret"
    with pytest.raises(WrongKeyError, match="VISITA_SECRET_KEY"):
        Vault([new]).open(sealed)


def test_what_was_tampered_with_is_refused() -> None:
    vault = Vault([new_key()])

    with pytest.raises(WrongKeyError):
        vault.open(vault.seal("secret")[:-4] + "AAA=")
    with pytest.raises(WrongKeyError):
        vault.open("xoxb-never-sealed")


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    with pytest.raises(NoKeyError, match="VISITA_SECRET_KEY"):
        Vault().seal("secret")
    with pytest.raises(NoKeyError, match="VISITA_SECRET_KEY"):
        Vault().open("sealed")


def test_neither_the_vault_nor_its_errors_show_a_secret() -> None:
    key = new_key()
    vault = Vault([key])

    with pytest.raises(WrongKeyError) as refused:
        vault.open("xoxb-secret")

    assert key not in f"{vault!r} {vars(vault)}"
    assert "xoxb-secret" not in f"{refused.value!r}"
    assert refused.value.__cause__ is None
