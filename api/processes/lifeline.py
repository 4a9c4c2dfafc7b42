"""Child processes end with their supervisor, also when it is killed and can tell nobody."""

import os
import signal
import threading
import time

_LOOK_S = 1.0


def end_with_parent() -> None:
    """Watch the parent from a thread; ask this process to stop when the parent is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
