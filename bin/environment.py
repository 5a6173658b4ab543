"""Makes `.venv` and installs requirements into it when they changed; needs nothing but a bare Python."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(requirements: Path) -> None:
    """Prepares `.venv` for a requirements file; of two that run at once the second waits.

    The stamp is written last: whatever interrupts an installation, the next run does it again.
    """
    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not healthy():
        say(f"Making .venv with Python {sys.version.split()[0]}")
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True, symlinks=True)
    stamp = VENV / f"{requirements.name}.installed"
    wanted = digest(requirements)
    if not stamp.is_file() or stamp.read_text() != wanted:
        say(f"Installing {requirements.name}")
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([*pip, "--requirement", str(requirements)], check=True)
        stamp.write_text(wanted)


def healthy() -> bool:
    """True when the Python in `.venv` starts, is new enough and has pip."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0


def digest(requirements: Path) -> str:
    """What decides whether to install again: all requirements files and the Python they are for."""
    contents = [path.read_bytes() for path in (ROOT / "requirements.txt", requirements)]
    home = (VENV / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(b"\0".join([*contents, home])).hexdigest()


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main(ROOT / sys.argv[1])
    except subprocess.CalledProcessError as error:
        sys.exit(f"That failed ({error}); what is above says why. Run the same command again to continue.")
    except KeyboardInterrupt:
        sys.exit(130)
