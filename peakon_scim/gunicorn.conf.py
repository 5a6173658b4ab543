"""How gunicorn serves the site."""

import gc
from types import FrameType

from gunicorn.workers.gthread import ThreadWorker

from peakon_scim.logs import logging_config
from peakon_scim.settings import BASE_DIR, HOST, LOG_LEVEL, PORT, TRUST_PROXY_HEADERS, env


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, except that Ctrl-C lets requests in hand finish as SIGTERM does.

    Gunicorn's own handler takes the lock of the thread pool. A signal that interrupts the holder of that
    lock, which a closing connection makes likely, hangs the worker until it is killed 30 seconds later.
    """

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.handle_exit(sig, frame)


def post_worker_init(worker: Worker) -> None:
    """Keeps the garbage collector from walking through the whole program for every large request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    from scim.provisioning import activity  # the applications are ready by now

    activity.tick()


def worker_exit(server: object, worker: Worker) -> None:
    """Writes what this process has counted and not written yet."""
    from scim.provisioning import activity

    activity.tally.flush()


wsgi_app = "peakon_scim.wsgi"
chdir = str(BASE_DIR)
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = env.int("WEB_CONCURRENCY", default=2)
worker_class = Worker
threads = 4
graceful_timeout = 30
# Longer than the idle time of the usual proxies (60 s): the proxy, not the site, closes an idle connection.
keepalive = 75
# Filters travel in the address; this is the most that gunicorn takes.
limit_request_line = 8190
forwarded_allow_ips = "*" if TRUST_PROXY_HEADERS else ""
# The control socket would be put into the home directory, which need not be writable.
control_socket_disable = True
accesslog = "-"
# Neither the query string (filters name people) nor the remote address nor any header.
access_log_format = "%(m)s %(U)s %(s)s %(B)sB %(M)sms"
logconfig_dict = logging_config(LOG_LEVEL)
