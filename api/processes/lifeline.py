"""Child processes end with their parent, also when it is killed and can tell nobody."""

import os
import signal
import threading
import time

_LOOK_S = 1.0


def end_with_parent(*, by: signal.Signals = signal.SIGTERM) -> None:
    """Watch the parent from a thread; send this process a signal when the parent is gone.

    `by` : SIGTERM asks it to stop; SIGKILL is for work that may be in the midst of a long step.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os.kill(os.getpid(), by)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
