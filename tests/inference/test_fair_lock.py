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


def test_long_work_is_finished_in_the_order_of_arrival_and_newcomers_pass_it():
    lock, served, threads = FairLock(), [], []

    def start(name, pieces, then=()):
        """Queue up a work of some pieces; in its piece number n the works ``then[n]`` arrive."""

        def work():
            with lock.hold():
                for piece in range(pieces):
                    if piece:
                        lock.yield_to_waiting()
                    served.append(f"{name}{piece}")
                    for newcomer in dict(then).get(piece, ""):
                        start(newcomer, 1)

        waiting = lock.waiting
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        while lock.waiting == waiting:
            threading.Event().wait(0.001)

    with lock.hold():
        start("a", 3, then=[(1, "xy")])
        start("b", 3, then=[(1, "z")])
        start("c", 2)
    for thread in threads:
        thread.join(10)
    assert served == ["a0", "b0", "c0", "a1", "x0", "y0", "a2", "b1", "z0", "b2", "c1"]


def test_newcomers_without_end_do_not_hold_up_long_work():
    """Two that ask again and again, as trainings beside the page do, get a piece each between two of a long work."""
    lock, served, over = FairLock(), [], threading.Event()

    def ask_again():
        while not over.is_set():
            with lock.hold():
                served.append("short")
                threading.Event().wait(0.001)

    def long():
        with lock.hold():
            for piece in range(20):
                if piece:
                    lock.yield_to_waiting()
                served.append("long")
        over.set()

    threads = [threading.Thread(target=work) for work in (ask_again, ask_again, long)]
    for thread in threads:
        thread.start()
    assert over.wait(30)
    for thread in threads:
        thread.join(10)
    last = "".join(name[0] for name in served[served.index("long") :])
    assert "ssss" not in last[: last.rindex("l")]


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
