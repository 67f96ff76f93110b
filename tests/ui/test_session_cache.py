"""All visitors' caches share one budget, and a visitor who is gone takes nothing of it."""

import gc
import threading

from restoration.ui.session_cache import CacheBudget, SessionCache

BOUNDS = {"result": (100, 1), "small": (100, 1)}


def test_what_nobody_used_for_the_longest_goes_first_whoever_it_is():
    budget = CacheBudget(30)
    first, second = (SessionCache(BOUNDS, budget) for _ in range(2))
    first.put("result", "a", 1, 10)
    first.put("small", "b", 2, 10)
    second.put("result", "a", 3, 10)
    assert first.get("result", "a") == 1  # used again
    second.put("result", "c", 4, 10)
    assert first.get("small", "b") is None
    assert [first.get("result", "a"), second.get("result", "a"), second.get("result", "c")] == [1, 3, 4]
    second.put("result", "large", 5, 90)  # larger than all, but the visitor waits for it
    second.put("small", "note", 6, 1)
    assert [second.get("result", "large"), second.get("small", "note")] == [5, 6]
    assert first.get("result", "a") is None


def test_a_visitor_who_left_takes_no_room():
    budget = CacheBudget(30)
    stays, leaves = (SessionCache(BOUNDS, budget) for _ in range(2))
    stays.put("result", "a", 1, 10)
    leaves.put("result", "a", 2, 20)
    del leaves
    gc.collect()
    stays.put("result", "b", 3, 20)
    assert stays.get("result", "a") == 1


def test_twenty_visitors_at_once_keep_within_the_budget():
    budget = CacheBudget(500)
    caches = [SessionCache(BOUNDS, budget) for _ in range(20)]

    def visit(cache):
        for number in range(50):
            cache.put("result", number, number, 50)
            cache.get("result", number)

    threads = [threading.Thread(target=visit, args=(cache,)) for cache in caches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(size for cache in caches for _, size, *_ in cache.entries()) == 500
