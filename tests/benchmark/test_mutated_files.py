"""A small share of `python -m restoration.benchmark mutated-files`: nothing but pixels or one sentence."""

import pytest

from restoration.benchmark.mutated_files import NOTED, SILENT, good_files, mutations, open_mutations

FILES = good_files()
COUNT = 16


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_gives_pixels_or_one_sentence(kind):
    found = open_mutations(FILES[kind], COUNT, seed=1)
    assert not found.escaped
    assert sum(found.counts.values()) == COUNT


@pytest.mark.parametrize("kind", ["PNG", "PNG, 16 bits"])
def test_damage_of_a_file_with_checksums_is_never_taken_for_pixels_silently(kind):
    assert open_mutations(FILES[kind], 40, seed=2).counts[SILENT] == 0


def test_damage_is_the_same_for_a_seed_and_differs_from_the_file():
    data = FILES["BMP"]
    assert list(mutations(data, 16, 0)) == list(mutations(data, 16, 0)) != list(mutations(data, 16, 1))
    assert open_mutations(data, 16).counts[SILENT] + open_mutations(data, 16).counts[NOTED] > 0  # BMP has no checksum
