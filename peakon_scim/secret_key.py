"""The signing key of a site that was given none."""

import os
import secrets
from pathlib import Path


def stored_secret_key(folder: Path) -> str:
    """The key in `folder/secret_key`, made on the first call and readable by its owner alone.

    The file appears by a hard link, whole and once: of several processes that start together one wins, and
    the others read its key.

    Raises:
        OSError: the folder cannot be written, or the file not be read.
    """
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            return path.read_text()
        finally:
            draft.unlink()
    return path.read_text()
