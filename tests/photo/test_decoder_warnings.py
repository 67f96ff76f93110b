"""The filters of warnings are those of before, however threads overlap, and each thread hears its own."""

import threading
import warnings

from restoration.photo.decoder_warnings import quiet


def test_threads_that_overlap_leave_the_filters_as_they_were_and_hear_only_themselves():
    before, shown = list(warnings.filters), warnings.showwarning
    first_is_in, second_is_in, first_is_out = (threading.Event() for _ in range(3))
    heard = {}

    def first():
        with quiet() as texts:
            first_is_in.set()
            second_is_in.wait(60)
            warnings.warn("one", stacklevel=1)
        heard["first"] = texts
        first_is_out.set()

    def second():
        first_is_in.wait(60)
        with quiet() as texts:
            second_is_in.set()
            first_is_out.wait(60)
            warnings.warn("two", stacklevel=1)
        heard["second"] = texts

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"first": ["one"], "second": ["two"]}
    assert warnings.filters == before
    assert warnings.showwarning is shown


def test_inner_warnings_are_heard_by_the_inner_statement_alone_and_an_error_restores_the_filters():
    before = list(warnings.filters)
    try:
        with quiet() as outer:
            with quiet() as inner:
                warnings.warn("inside", stacklevel=1)
            raise ValueError
    except ValueError:
        pass
    assert (outer, inner) == ([], ["inside"])
    assert warnings.filters == before
