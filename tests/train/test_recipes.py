"""The cards say what the recipes say, and how the training is repeated."""

import pytest

from restoration import networks
from restoration.explore.pretrained_card import cards
from restoration.inference.card import models
from restoration.train import __main__ as command
from restoration.train.losses import LOSSES
from restoration.train.publish import repetition, weights_path
from restoration.train.recipe import ScheduledRecipe
from restoration.train.recipes import RECIPES

CARDS = {card.name: card for card in (*models(), *cards().values())}
SCHEDULED = [recipe for recipe in RECIPES.values() if isinstance(recipe, ScheduledRecipe)]


def as_json(value):
    return [as_json(one) for one in value] if isinstance(value, list | tuple) else value


def test_there_is_a_recipe_for_every_card_and_none_without():
    assert set(CARDS) == set(RECIPES)


@pytest.mark.parametrize("name", CARDS)
def test_the_card_says_what_the_recipe_says(name):
    card, recipe = CARDS[name], RECIPES[name]
    said = {key: card.trained[key] for key in ("command", "not_repeatable", "differences") if key in card.trained}
    assert said == repetition(recipe), "write this on the card"
    assert card.trained["licence"] == recipe.licence
    assert card.trained["seed"] == recipe.seed
    assert recipe.data in card.trained["data"]
    assert card.limits == recipe.limits
    config = {key: as_json(value) for key, value in recipe.config.items()}
    assert {key: as_json(value) for key, value in card.config.items()} == config
    if isinstance(recipe, ScheduledRecipe):
        assert card.trained["degradation"] == recipe.degradation
        assert card.trained["hours"] == pytest.approx(recipe.hours, abs=0.02)
        assert [one["name"] for one in card.trained.get("before", [])][-1:] == [recipe.start] * bool(recipe.start)
        assert (card.builder, card.scale) == (recipe.builder, recipe.scale)
    else:
        assert card.trained["epochs"] == recipe.epochs
        assert card.data == recipe.data_set


@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_a_command_that_works_or_says_why_there_is_none(name):
    card, recipe = CARDS[name], RECIPES[name]
    if getattr(recipe, "start", "") and not weights_path(recipe.start).exists():
        assert "command" not in card.trained
        assert recipe.start in card.repetition
        return
    program, _, arguments = card.trained["command"].partition("restoration.train ")
    assert program == "python -m "
    assert arguments.split()[0] == name
    assert ("--photos DIR" in arguments) == recipe.needs_photos
    assert f"`{card.trained['command']}`" in card.repetition


@pytest.mark.parametrize("recipe", SCHEDULED, ids=lambda recipe: recipe.name)
def test_a_scheduled_recipe_is_whole(recipe):
    assert recipe.builder in networks.BUILDERS
    assert recipe.loss in LOSSES
    assert recipe.hours > 0
    assert [stage.until for stage in recipe.stages] == sorted({stage.until for stage in recipe.stages})
    assert recipe.stages[-1].until == 1
    assert recipe.final_rate < recipe.peak_rate


def test_shares_of_noise_are_whole():
    shares = [recipe.pair.keywords["shares"] for recipe in SCHEDULED if recipe.name.startswith("denoise")]
    assert len(shares) >= 3
    for one in shares:
        assert sum(one.values()) == pytest.approx(1)


def test_other_hours_stand_in_the_command():
    recipe = RECIPES["denoise-lecture-1"]
    assert repetition(recipe, hours=recipe.hours)["command"] == recipe.command
    assert repetition(recipe, hours=2.5)["command"] == f"{recipe.command} --hours 2.5"


def test_a_start_that_is_not_here_is_told_instead_of_a_command(tmp_path):
    recipe = RECIPES["denoise-fast-9"]
    assert "denoise-fast-8" in repetition(recipe, tmp_path)["not_repeatable"]
    (tmp_path / "denoise-fast-8.weights.h5").write_bytes(b"")
    assert repetition(recipe, tmp_path)["command"] == "python -m restoration.train denoise-fast-9 --photos DIR"


@pytest.mark.parametrize("name", RECIPES)
def test_the_command_knows_the_training_of_every_recipe(name):
    training = command.training_class(RECIPES[name])
    assert {"from_photos", "train", "publish"} <= set(dir(training))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["denoise-fast-0"], "invalid choice"),
        (["denoise-lecture-1"], "--photos DIR"),
        (["map-digits-plain-1", "--hours", "1"], "does not apply to map-digits-plain-1"),
        (["denoise-lecture-1", "--photos", "x", "--hours", "0"], "does not apply"),
    ],
)
def test_wrong_arguments_are_told(arguments, said, capsys):
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert said in capsys.readouterr().err
