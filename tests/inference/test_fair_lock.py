"""One at a time, in order, and a thread that gives up does not hold up the others."""

import threading

import pytest

from restoration.inference.fair_lock import FairLock


def test_one_at_a_time_in_order():
    lock, served, inside, most = FairLock(), [], [0], [0]
    with lock.hold():
        threads = []
        for number in range(5):

            def work(number=number):
                with lock.hold():
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    served.append(number)
                    inside[0] -= 1

            threads.append(threading.Thread(target=work))
            threads[-1].start()
            while lock.waiting < number + 1:  # until this one stands in the queue
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join(10)
    assert served == [0, 1, 2, 3, 4]
    assert most[0] == 1


def test_long_work_lets_others_go_between_two_pieces():
    lock, served = FairLock(), []

    def long():
        with lock.hold():
            for piece in range(3):
                lock.yield_to_waiting()
                served.append(f"long {piece}")
                while piece == 0 and lock.waiting < 2:  # until both stand in the queue
                    threading.Event().wait(0.001)

    def short(name):
        with lock.hold():
            served.append(name)

    threads = [threading.Thread(target=long)]
    threads[0].start()
    while not served:
        threading.Event().wait(0.001)
    for number, name in enumerate(("first", "second")):
        threads.append(threading.Thread(target=short, args=(name,)))
        threads[-1].start()
        while lock.waiting < number + 1 and len(served) == 1 and number == 0:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(10)
    assert served == ["long 0", "first", "second", "long 1", "long 2"]
    assert lock.waiting == 0
    lock.yield_to_waiting()  # of a thread that does not hold it: nothing
    with lock.hold():
        lock.yield_to_waiting()  # nobody waits


def test_a_waiting_thread_is_told_its_place_and_may_leave():
    lock, places = FairLock(), []

    def leave(place):
        places.append(place)
        raise InterruptedError

    def impatient():
        with pytest.raises(InterruptedError), lock.hold(leave):
            places.append("served")

    with lock.hold():
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join(10)
    assert places == [1]
    with lock.hold():
        assert lock.waiting == 0


def test_a_failure_releases_the_lock():
    lock = FairLock()
    with pytest.raises(ZeroDivisionError), lock.hold():
        _ = 1 / 0
    with lock.hold():
        assert lock.waiting == 0
