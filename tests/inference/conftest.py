"""The option that rewrites the goldens: `pytest tests/inference/test_golden.py --update-goldens`."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--update-goldens", action="store_true", help="store what each network gives now")


@pytest.fixture
def update_goldens(request):
    """Tell whether the stored outputs shall be rewritten; where tests lie elsewhere too, the option is unknown."""
    return request.config.getoption("--update-goldens", default=False)
