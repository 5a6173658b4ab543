# Sourced by bin/serve and bin/test: `environment REQUIREMENTS` prepares .venv for that file.

environment() {
    local candidate
    for candidate in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 python}; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$candidate" bin/environment.py "$1"
            return
        fi
    done
    echo "Python 3.11 or newer with its modules venv and ensurepip is needed and was not found." >&2
    echo "On Debian and Ubuntu: apt-get install python3-venv. Or name one: PYTHON=/path/to/python3 $0" >&2
    return 1
}
