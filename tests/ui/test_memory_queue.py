"""The bound on what large photographs need together: order, room, and leaving."""

import threading

import pytest

from restoration.ui.memory_queue import MemoryQueue


def run(queue, size, log, name, gate):
    """Start a thread that enters, writes its name down, and stays until its gate opens."""

    def work():
        queue.enter(size, lambda ahead: log.append((name, "waits behind", ahead)))
        log.append(name)
        gate.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_for(condition):
    for _ in range(600):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("It did not happen.")


def test_they_come_in_order_and_a_place_is_free_when_its_thread_has_ended():
    queue, log, gates = MemoryQueue(10), [], [threading.Event() for _ in range(4)]
    threads = []
    for name, gate in enumerate(gates):
        threads.append(run(queue, 5, log, name, gate))
        wait_for(lambda name=name: any(entry in (name, (name, "waits behind", name)) for entry in log))
    assert {entry for entry in log if isinstance(entry, int)} == {0, 1}
    assert (2, "waits behind", 2) in log
    assert (3, "waits behind", 3) in log
    gates[0].set()
    wait_for(lambda: 2 in log)
    assert 3 not in log
    for gate in gates:
        gate.set()
    for thread in threads:
        thread.join()
    assert [entry for entry in log if isinstance(entry, int)] == [0, 1, 2, 3]


def test_one_that_needs_more_than_there_is_runs_alone_and_who_is_inside_does_not_wait_again():
    queue = MemoryQueue(10)
    queue.enter(50, pytest.fail)
    queue.enter(60, pytest.fail)


def test_who_is_stopped_while_waiting_leaves_the_queue():
    queue = MemoryQueue(10)
    gate = threading.Event()
    log = []
    first = run(queue, 10, log, "first", gate)
    wait_for(lambda: log)

    def stop(_ahead):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue.enter(10, stop)
    gate.set()
    first.join()
    queue.enter(10, pytest.fail)
