"""One at a time, in order, and whoever gives up does not hold up the others."""

import threading

import pytest

from restoration.turns import Turns


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
