"""Lessons and exercises: which controls stay in sight, and when a check lights."""

import ast
import re

import pytest
from conftest import REPO
from page_harness import PageHarness
from streamlit.testing.v1 import AppTest

from restoration.ui import lesson
from restoration.ui.explore import compress_views

PAGES = [file.stem for file in sorted((REPO / "pages").glob("*.py")) if "\nCONTROLS = " in file.read_text("utf-8")]


@pytest.mark.parametrize("page", PAGES)
def test_a_lesson_can_keep_every_control_of_its_page(repo, page):
    files = [repo / f"pages/{page}.py", *(repo / "restoration/ui/explore").glob(f"{page}_*.py")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    offered = ast.literal_eval(re.search(r"^CONTROLS = (\{.*?\})", text, re.M | re.S)[1])
    assert "lesson.more(CONTROLS" in text
    assert {"more", *re.findall(r'lesson\.control\("([\w-]+)"', text)} == set(offered)


def test_a_lesson_hides_what_it_does_not_name(explore_page):
    explore_page.open("pages/blend.py", lesson="weight,pictures", weight="40")
    hidden = {
        found
        for html in explore_page.app.get("html")
        for found in re.findall(r"st-key-control-([\w-]+)", html.proto.body)
    }
    assert hidden == {"set", "mode", "more"}
    assert explore_page.app.slider(key="weight").value == 40


def test_a_lesson_outlasts_a_visit_to_other_pages(explore_page):
    explore_page.open("pages/blend.py", lesson="weight")
    explore_page.open("pages/latent_map.py")  # with another page's lesson in the address, as Back may bring it
    assert "lesson" not in explore_page.app.query_params
    explore_page.open("pages/blend.py")  # without one, as the menu leaves it
    assert explore_page.app.query_params["lesson"] == "weight"
    assert any("st-key-control-set" in html.proto.body for html in explore_page.app.get("html"))


def test_a_task_stays_lit():
    def script():
        import streamlit as st

        from restoration.ui import lesson

        task = lesson.Exercise("t", "Try this.")
        task.check(st.checkbox("happened", key="happened"))

    app = AppTest.from_function(script).run()
    assert not app.success
    app.checkbox(key="happened").check().run()
    assert app.success
    app.checkbox(key="happened").uncheck().run()
    assert app.success


def test_a_task_of_two_parts_lights_once_both_have_happened():
    def script():
        import streamlit as st

        from restoration.ui import lesson

        lesson.Exercise("t", "Try both.").check(st.checkbox("one", key="one"), st.checkbox("two", key="two"))

    app = AppTest.from_function(script).run()
    app.checkbox(key="one").check().run()
    app.checkbox(key="one").uncheck().run()
    assert not app.success
    app.checkbox(key="two").check().run()
    assert app.success


def test_the_address_of_a_lesson_names_its_controls():
    made = lesson.lesson_address("http://here/blend?x=1", {"data": "faces"}, ["weight", "set"])
    assert made == "http://here/blend?data=faces&lesson=weight,set"


def test_the_check_of_compress_needs_a_rate_at_which_the_network_is_ahead_and_one_at_which_it_is_not(repo, monkeypatch):
    monkeypatch.setattr(compress_views, "CROP", 256)
    page = PageHarness(repo, monkeypatch, "pages/compress.py", rate="0.1").open()
    assert not page.errors
    assert not page.app.success
    page.set("slider", "rate", 1.0)
    assert page.app.success
