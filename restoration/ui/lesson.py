"""The parts of every exploration page: its idea, an exercise with a check, its formula; and lessons.

A lesson is an address that names, in ``lesson``, the controls that stay in sight: ``?lesson=weight,path``. The others
are hidden and keep the values that the address sets. Without ``lesson`` all are there. A page keeps its lesson while
other pages are visited.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

PARAMETER = "lesson"


def resume(page: str) -> None:
    """Resume the lesson of the session's first address, and name it in the address of its page alone.

    Later addresses are ignored: the menu drops the parameter, and the browser's Back may carry it to another page.

    Parameters
    ----------
    page : str
        Its title.
    """
    first, lesson = st.session_state.setdefault("lesson", (page, st.query_params.get(PARAMETER)))
    if page == first and lesson is not None:
        st.query_params[PARAMETER] = lesson
    else:
        st.query_params.pop(PARAMETER, None)


def control(name: str, width: Literal["stretch", "content"] | int = "stretch") -> DeltaGenerator:
    """Return a container for one control (or a few that belong together), hidden where the lesson omits it.

    The control itself always runs, so that its value stays the address's.

    Parameters
    ----------
    name : str
        What a lesson calls it: letters, digits and hyphens.
    width : "stretch", "content" or int
        As of ``st.container``; "content" lets several stand side by side.
    """
    key = f"control-{name}"
    if not shown(name):
        st.html(f"<style>.st-key-{key} {{display: none}}</style>")
    return st.container(key=key, width=width)


def shown(name: str) -> bool:
    """Tell whether the lesson keeps a control."""
    kept = st.query_params.get(PARAMETER)
    return kept is None or name in kept.split(",")


def idea(text: str) -> None:
    """Show the idea of a page, three sentences of Markdown."""
    st.markdown(text)


class Exercise:
    """Something to try, with a check that turns green once it has happened and stays so.

    Parameters
    ----------
    key : str
        Unique in the app.
    text : str
        "Try this: you should see that." As Markdown, in one or two sentences.
    """

    def __init__(self, key: str, text: str) -> None:
        self._key, self._text = f"task-{key}", text
        self._place = st.empty()
        self._draw()

    @property
    def done(self) -> bool:
        """Whether all of it has happened in this session."""
        seen = st.session_state.get(self._key, [False])
        return all(seen)

    def check(self, *happened: object) -> None:
        """Mark the exercise as done once each part has happened, now or before, and run the page again to show it.

        It draws nothing itself: a fragment may not write where it did not write in the page's last full run.

        Parameters
        ----------
        happened : bool
            Of each part of the exercise, the same number each time.
        """
        was_done = self.done
        before = st.session_state.get(self._key, [False] * len(happened))
        st.session_state[self._key] = [bool(now) or seen for now, seen in zip(happened, before, strict=True)]
        if self.done and not was_done:
            st.rerun()

    def _draw(self) -> None:
        if self.done:
            self._place.success(f"{self._text} **Seen.**", icon=":material/check_circle:")
        else:
            self._place.info(self._text, icon=":material/radio_button_unchecked:")


def introduce(text: str, key: str, exercise: str) -> Exercise:
    """Show the idea of a page and, beside it, its exercise, which is returned.

    Parameters
    ----------
    text : str
        As of `idea`.
    key, exercise : str
        As of `Exercise`.
    """
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        idea(text)
    with right:
        return Exercise(key, exercise)


@contextmanager
def more(controls: Mapping[str, str], width: Literal["stretch", "content"] = "stretch") -> Iterator[None]:
    """Put what is shown in a ``with`` statement into the popover *More*, the control "more", and `make_lesson` last."""
    with control("more", width), st.popover("More", width=width):
        yield
        make_lesson(controls)


def formula(latex: str, text: str) -> None:
    """Show the formula of a page in an expander, with a sentence that explains it and names its source."""
    with st.expander("The formula, and where it comes from"):
        st.latex(latex)
        st.markdown(text)


def make_lesson(controls: Mapping[str, str]) -> None:
    """Show how to make a lesson of the page with its present settings, for teachers.

    Parameters
    ----------
    controls : dict of str to str
        Name -> label of each `control` of the page.
    """
    st.markdown("**Make a lesson**")
    kept = st.multiselect(
        "Controls that stay in a lesson",
        list(controls),
        format_func=controls.__getitem__,
        key="lesson-kept",
        help="The page as it stands now, with only these controls, is the address below.",
    )
    others = {key: value for key, value in st.query_params.to_dict().items() if key != PARAMETER}
    st.code(lesson_address(st.context.url or "", others, kept), language=None, wrap_lines=True)


def lesson_address(page: str, settings: Mapping[str, str], kept: Sequence[str]) -> str:
    """Return the address of a lesson.

    Parameters
    ----------
    page : str
        The page's address, with or without a query.
    settings : dict of str to str
        The rest of its query.
    kept : sequence of str
        Names of the controls that stay.

    Examples
    --------
    >>> lesson_address("http://here/blend?old=1", {"weight": "30"}, ["weight", "path"])
    'http://here/blend?weight=30&lesson=weight,path'
    """
    return f"{page.split('?', maxsplit=1)[0]}?{urlencode({**settings, PARAMETER: ','.join(kept)}, safe=',')}"
