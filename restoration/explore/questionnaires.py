"""Two questionnaires as tables: one that people answered, and one that a seeded program made up."""

import csv
import gzip
import io

import numpy as np

from restoration.explore.datasets import SETS


def personality_questionnaire() -> str:
    """Return the answers of 2000 people to 50 statements about themselves as CSV.

    Ten statements each of five traits (Condon 2018, doi:10.31234/osf.io/sc4p9), from 1 "very inaccurate" to 6 "very
    accurate"; the first column is how people rate their health, which none of the statements asks for.

    Returns
    -------
    str
        CSV with a line of headings, which are the statements; ``sets/README.md`` says where it comes from.

    Examples
    --------
    >>> lines = personality_questionnaire().splitlines()
    >>> len(lines), lines[0].split(",")[:2]
    (2001, ['self-rated health', 'Am sensitive to the needs of others.'])
    """
    return gzip.decompress((SETS / "personality.csv.gz").read_bytes()).decode()


def synthetic_questionnaire(people: int = 300, seed: int = 0) -> str:
    """Return a synthetic questionnaire of 49 columns as CSV.

    Forty-eight statements are answered from 1 to 5 according to four latent traits, twelve statements each, and
    noise; the first column names a group, which shifts the traits. So the right answer is known: four principal axes
    explain nearly all that the statements have in common.

    Parameters
    ----------
    people : int
        Lines of the table.
    seed : int

    Returns
    -------
    str
        CSV with a line of headings, which says that it is made up.

    Examples
    --------
    >>> lines = synthetic_questionnaire(20).splitlines()
    >>> len(lines), len(lines[0].split(",")), lines[0].split(",")[:2]
    (21, 49, ['made-up group', 'curious 1'])
    """
    random = np.random.default_rng(seed)
    traits, statements = ("curious", "sociable", "orderly", "calm"), 12
    groups = ("painters", "nurses", "engineers")
    shifts = np.array([[1.2, 0.0, -0.8, 0.0], [0.0, 1.2, 0.0, 0.6], [0.3, -0.8, 1.2, 0.0]])
    group = random.integers(len(groups), size=people)
    hidden = random.normal(size=(people, len(traits))) + shifts[group]
    weights = random.uniform(0.5, 1.1, (len(traits), statements)) * random.choice([-1, 1], (len(traits), statements))
    answers = 3 + hidden[..., None] * weights + random.normal(0, 0.7, (people, len(traits), statements))
    answers = np.clip(np.rint(answers), 1, 5).astype(int).reshape(people, -1)
    headings = ["made-up group", *(f"{trait} {number + 1}" for trait in traits for number in range(statements))]
    lines = [headings, *([groups[index], *row] for index, row in zip(group, answers.tolist(), strict=True))]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
