"""One API process: `python -m api.processes.server FD` serves on the socket its supervisor
opened."""

import gc
import logging
import sys

from api.processes.lifeline import end_with_parent
from gis.settings import load_settings

_SWITCH_INTERVAL_S = 0.0005


def main(fd: int) -> None:
    """Serve on file descriptor `fd` until told to stop."""
    end_with_parent()
    # Threads that compute in Python hand over ten times as often: a call passes through a hundred
    # such moments, and waits at each.
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    settings = load_settings()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if not settings.access_log:
        logging.getLogger("goldenhour.access").setLevel(logging.WARNING)
    # What is loaded now stays: looking through it for garbage again and again takes a quarter of
    # the start, and more later.
    gc.disable()
    import uvicorn

    from api.processes.application import build_app

    app = build_app(settings)
    gc.freeze()
    gc.enable()
    uvicorn.run(
        app,
        fd=fd,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        log_level="warning",
        access_log=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
