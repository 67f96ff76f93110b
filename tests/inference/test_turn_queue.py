"""One at a time, in order, and whoever gives up does not hold up the others."""

import threading

import pytest

from restoration.inference.turn_queue import Turns


def test_one_at_a_time_in_order():
    turns, served, inside, most = Turns(), [], [0], [0]
    with turns.mine():
        threads = []
        for number in range(5):

            def work(number=number):
                with turns.mine():
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    served.append(number)
                    inside[0] -= 1

            threads.append(threading.Thread(target=work))
            threads[-1].start()
            while turns.waiting < number + 1:  # until this one stands in the queue
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join(10)
    assert served == [0, 1, 2, 3, 4]
    assert most[0] == 1


def test_long_work_lets_others_go_between_two_pieces():
    turns, served = Turns(), []

    def long():
        with turns.mine():
            for piece in range(3):
                turns.hand_on()
                served.append(f"long {piece}")
                while piece == 0 and turns.waiting < 2:  # until both stand in the queue
                    threading.Event().wait(0.001)

    def short(name):
        with turns.mine():
            served.append(name)

    threads = [threading.Thread(target=long)]
    threads[0].start()
    while not served:
        threading.Event().wait(0.001)
    for number, name in enumerate(("first", "second")):
        threads.append(threading.Thread(target=short, args=(name,)))
        threads[-1].start()
        while turns.waiting < number + 1 and len(served) == 1 and number == 0:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(10)
    assert served == ["long 0", "first", "second", "long 1", "long 2"]
    assert turns.waiting == 0
    turns.hand_on()  # of somebody who has no turn: nothing
    with turns.mine():
        turns.hand_on()  # nobody waits


def test_waiting_is_told_its_place_and_may_leave():
    turns, told = Turns(), []

    def leave(place):
        told.append(place)
        raise InterruptedError

    def impatient():
        with pytest.raises(InterruptedError), turns.mine(leave):
            told.append("served")

    with turns.mine():
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join(10)
    assert told == [1]
    with turns.mine():
        assert turns.waiting == 0


def test_a_failure_hands_the_turn_on():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.mine():
        _ = 1 / 0
    with turns.mine():
        assert turns.waiting == 0
