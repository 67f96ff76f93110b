"""What stands around every experiment: the idea, something to try with a check, the formula; and lessons.

A lesson is an address that names, in ``lesson``, the controls that stay in sight: ``?lesson=weight,path``. The others
are hidden and keep what the address sets them to. Without ``lesson`` all are there. A page keeps its lesson while its
student visits other pages.
"""

from urllib.parse import urlencode

import streamlit as st

PARAMETER = "lesson"


def resume(page):
    """Go on with the lesson of the address that its student came with, and name it in the address of its page alone.

    Later addresses are not asked: the menu cuts it off, and the browser's Back may carry it to another page.

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


def control(name, width="stretch"):
    """Return a container for one control (or a few that belong together), hidden where the lesson does not name it.

    The control itself always runs, so that its value stays the address's.

    Parameters
    ----------
    name : str
        What a lesson calls it: letters, digits and hyphens.
    width : "stretch", "content" or int
        As of ``st.container``; "content" lets several stand side by side.

    Returns
    -------
    streamlit container, to be used in a ``with`` statement
    """
    key = f"control-{name}"
    if not shown(name):
        st.html(f"<style>.st-key-{key} {{display: none}}</style>")
    return st.container(key=key, width=width)


def shown(name):
    """Tell whether the lesson keeps a control."""
    kept = st.query_params.get(PARAMETER)
    return kept is None or name in kept.split(",")


def idea(text):
    """Show the idea of a page, three sentences."""
    st.markdown(text)


class Task:
    """Something to try, with a check that lights when it has happened and then stays lit.

    Parameters
    ----------
    key : str
        Unique in the app.
    text : str
        "Try this: you should see that." As Markdown, in one or two sentences.
    """

    def __init__(self, key, text):
        self._key, self._text = f"task-{key}", text
        self._place = st.empty()
        self._draw()

    @property
    def done(self):
        """Whether all of it has happened since the visitor came."""
        seen = st.session_state.get(self._key)
        return bool(seen) and all(seen)

    def check(self, *happened):
        """Light the check once each part has happened, now or before; in a fragment to be called on each of its runs.

        Drawn each time: a fragment may only write where it has written in the page's last full run.

        Parameters
        ----------
        happened : bool
            Of each part of the task, the same number each time.
        """
        before = st.session_state.get(self._key, [False] * len(happened))
        st.session_state[self._key] = [bool(now) or seen for now, seen in zip(happened, before, strict=True)]
        self._draw()

    def _draw(self):
        if self.done:
            self._place.success(f"{self._text} **Seen.**", icon=":material/check_circle:")
        else:
            self._place.info(self._text, icon=":material/radio_button_unchecked:")


def formula(latex, text):
    """Show, behind a closed lid, the formula of a page with a sentence that explains it and names its source."""
    with st.expander("The formula, and where it comes from"):
        st.latex(latex)
        st.markdown(text)


def make_lesson(controls):
    """Show, for a teacher, how to make a lesson of the page as it stands.

    Parameters
    ----------
    controls : dict of str to str
        Name -> label of each `control` of the page.
    """
    st.markdown("**Make a lesson**")
    kept = st.multiselect(
        "Controls that stay in a lesson",
        list(controls),
        format_func=controls.get,
        key="lesson-kept",
        help="The page as it stands now, with only these controls, is the address below.",
    )
    others = {key: value for key, value in st.query_params.to_dict().items() if key != PARAMETER}
    st.code(lesson_address(st.context.url or "", others, kept), language=None, wrap_lines=True)


def lesson_address(page, settings, kept):
    """Return the address of a lesson.

    Parameters
    ----------
    page : str
        The page's address, with or without a query.
    settings : dict of str to str
        What else its query says.
    kept : sequence of str
        Names of the controls that stay.

    Examples
    --------
    >>> lesson_address("http://here/blend?old=1", {"weight": "30"}, ["weight", "path"])
    'http://here/blend?weight=30&lesson=weight,path'
    """
    return f"{page.split('?')[0]}?{urlencode({**settings, PARAMETER: ','.join(kept)}, safe=',')}"
