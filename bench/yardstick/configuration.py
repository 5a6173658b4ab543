"""How gunicorn serves other sites: as the project configures it, without the hooks that need its database."""

import gc
import runpy

_HOOKS = ("post_worker_init", "worker_exit")
_own = runpy.run_path("peakon_scim/gunicorn.conf.py")
globals().update({name: value for name, value in _own.items() if name not in (*_HOOKS, "__name__")})


def post_worker_init(worker: object) -> None:
    """Treats the garbage collector as the project does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
