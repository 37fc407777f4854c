"""Files, from the ticket for an upload to the shared file."""

import base64
import mimetypes
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.ids import new_id
from sandbox.store import Store

_PRETTY = {"png": "PNG", "jpg": "JPEG", "pdf": "PDF", "text": "Plain Text", "csv": "CSV", "docx": "Word Document"}


@dataclass(slots=True)
class File:
    """A file; `complete` once its upload was finished and it may be seen in `channels`."""

    id: str
    name: str
    title: str
    user: str
    created: int
    size: int = 0
    content: str | None = None
    complete: bool = False
    alt_text: str = ""
    channels: list[str] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return base64.b64decode(self.content or "")

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_slack(self, base_url: str) -> dict[str, Any]:
        """The file object of messages and `files.info`."""
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        address = f"{base_url}/files-pri/{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": _PRETTY.get(kind, kind.upper()),
            "user": self.user,
            "editable": False,
            "size": self.size,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "alt_txt": self.alt_text,
            "url_private": f"{address}/{self.name}",
            "url_private_download": f"{address}/download/{self.name}",
            "permalink": f"{address}/{self.name}",
            "channels": self.channels,
            "groups": [],
            "ims": [],
            "file_access": "visible",
        }


class Files:
    """All files by id."""

    KIND = "file"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id = {key: File(**document) for key, document in store.all(self.KIND)}

    def __iter__(self) -> Iterator[File]:
        return iter(list(self._by_id.values()))

    def get(self, file_id: str) -> File | None:
        return self._by_id.get(file_id)

    def add(self, name: str, user: str, created: int, **fields: Any) -> File:
        file = File(id=new_id("F"), name=name, title=fields.pop("title", name), user=user, created=created, **fields)
        self.save(file)
        return file

    def fill(self, file: File, data: bytes) -> None:
        file.content, file.size = base64.b64encode(data).decode(), len(data)
        self.save(file)

    def save(self, file: File) -> None:
        self._by_id[file.id] = file
        self._store.put(self.KIND, file.id, asdict(file))
