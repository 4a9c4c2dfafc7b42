"""Background work goes on after an error that nobody foresaw."""

import threading

from api.processes.lasting import start_lasting


def test_work_begins_anew_after_an_unforeseen_error(monkeypatch):
    seen, errors, stop = [], [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda error: errors.append(error.exc_type))

    def work() -> None:
        seen.append(threading.current_thread().name)
        if len(seen) < 3:
            raise KeyError("a row that is not there")
        stop.set()

    keeper = start_lasting(work, name="roads", stop=stop, pause_s=0.001)
    keeper.join(timeout=10.0)
    assert not keeper.is_alive()
    assert seen == ["roads"] * 3
    assert errors == [KeyError] * 2
