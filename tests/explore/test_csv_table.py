"""Codes as CSV."""

import csv
import io

import numpy as np
import pytest

from restoration.explore.csv_table import csv_table


def test_codes_become_numbered_columns():
    codes = np.array([[1.0, 2], [3, 4]])
    text = csv_table({"point": range(2), "class": ["a", "b"], "pca": codes, "error": np.array([0.5, 0.25])})
    assert text == "point,class,pca 1,pca 2,error\n0,a,1,2,0.5\n1,b,3,4,0.25\n"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1+cmd|'/c calc'!A0", "'+1+cmd|'/c calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1+1", "'\t'=1+1"),
        ("\r=1+1", "' =1+1"),
        ("cat\n=1+1", "cat =1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("cat;=1+1", "cat;'=1+1"),  # a German or French Excel begins a cell at the semicolon
        ("cat - 1", "cat - 1"),
        ("a=b", "a=b"),
        ("-1", "-1"),
        ("+2.5", "+2.5"),
    ],
)
def test_no_spreadsheet_runs_a_name(name, written):
    text = csv_table({name: np.array([name, "cat"]), "code": np.array([-0.5, 2.0])})
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[written, "code"], [written, "-0.5"], ["cat", "2"]]
