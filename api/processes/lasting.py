"""Work in the background that nothing unforeseen ends for good."""

import threading
from collections.abc import Callable

_PAUSE_S = 1.0


def start_lasting(
    work: Callable[[], None], *, name: str, stop: threading.Event, pause_s: float = _PAUSE_S
) -> threading.Thread:
    """Run `work` in a thread until `stop` is set, anew whenever it ends by itself.

    An error that `work` does not expect ends one run of it: the interpreter writes it down with
    its trace (`threading.excepthook`), and the next run begins after a pause. Returns the thread
    that sees to this; it ends with the last run.
    """

    def see_to_it() -> None:
        while not stop.is_set():
            run = threading.Thread(target=work, name=name, daemon=True)
            run.start()
            run.join()
            stop.wait(pause_s)

    keeper = threading.Thread(target=see_to_it, name=f"{name} keeper", daemon=True)
    keeper.start()
    return keeper
