"""Keeps secrets that have to be stored: sealed before they reach the database, opened only where they are used."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKeyError(Exception):
    """There is something to seal or to open, and no key: set VISITA_SECRET_KEY (`visita key` makes one)."""

    def __init__(self) -> None:
        super().__init__("VISITA_SECRET_KEY is not set: what has to be kept secret cannot be stored or read without it")


class WrongKeyError(Exception):
    """None of the keys opens this: the key it was sealed with is missing from VISITA_SECRET_KEY."""

    def __init__(self) -> None:
        super().__init__("none of the keys in VISITA_SECRET_KEY opens this; put the key it was sealed with behind them")


class Vault:
    """Seals with the first of its keys and opens with any: a new key goes in front, an old one stays behind it until
    nothing is sealed with it any more. Its repr shows no key."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def seal(self, text: str) -> str:
        """The text as it may be stored; raises `NoKeyError`."""
        return self._keys().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed; raises `WrongKeyError` or `NoKeyError`."""
        try:
            return self._keys().decrypt(sealed).decode()
        except InvalidToken:
            raise WrongKeyError from None

    def sealed_anew(self, sealed: str) -> str:
        """The same secret under the first key, so that older keys can be retired; raises as `open` does."""
        return self.seal(self.open(sealed))

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise NoKeyError
        return self._fernet


def new_key() -> str:
    """A key for VISITA_SECRET_KEY, of 256 random bits."""
    return Fernet.generate_key().decode()
