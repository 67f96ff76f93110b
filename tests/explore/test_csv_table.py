"""Codes as CSV."""

import numpy as np

from restoration.explore.csv_table import csv_table

RED, GREEN, BLUE = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


def test_codes_become_numbered_columns():
    codes = np.array([[1.0, 2], [3, 4]])
    text = csv_table({"point": range(2), "class": ["a", "b"], "pca": codes, "error": np.array([0.5, 0.25])})
    assert text == "point,class,pca 1,pca 2,error\n0,a,1,2,0.5\n1,b,3,4,0.25\n"
