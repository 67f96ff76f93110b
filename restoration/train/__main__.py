"""`python -m restoration.train NAME --photos DIR`: train a network by its recipe and publish it."""

import argparse
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from restoration.train.recipe import (
    ColorizeRecipe,
    CompressRecipe,
    ExploreRecipe,
    Recipe,
    RepairRecipe,
    RestorationRecipe,
    ScanRecipe,
    ScheduledRecipe,
)
from restoration.train.recipes import RECIPES

CHECKPOINTS = Path(".checkpoints")
# Kind of recipe -> module and class of its training; loaded with Keras, which takes seconds, once all is checked.
TRAININGS: dict[type[Recipe], tuple[str, str]] = {
    RestorationRecipe: ("train_restore", "RestorationTraining"),
    RepairRecipe: ("train_repair", "RepairTraining"),
    CompressRecipe: ("train_compress", "CompressTraining"),
    ScanRecipe: ("train_scan", "ScanTraining"),
    ColorizeRecipe: ("train_colorize", "ColorizeTraining"),
    ExploreRecipe: ("train_explore", "ExploreTraining"),
}


def training_class(recipe: Recipe) -> Any:
    """Return the class that trains by a recipe of this kind."""
    module, name = TRAININGS[type(recipe)]
    return getattr(import_module(f"restoration.train.{module}"), name)


def main(arguments: list[str] | None = None) -> None:
    """Train one recipe to its end, then publish it."""
    parser = argparse.ArgumentParser(prog="python -m restoration.train", description=__doc__)
    parser.add_argument("name", choices=RECIPES, metavar="NAME", help=f"a recipe: {', '.join(RECIPES)}")
    parser.add_argument(
        "--photos", type=Path, help="folder of photographs, searched with its subfolders; of slices for scan"
    )
    parser.add_argument("--hours", type=float, help="of training, in place of the recipe's; the card tells")
    parser.add_argument("--folder", type=Path, help="where checkpoint and log lie (default .checkpoints/NAME)")
    parser.add_argument("--precision", choices=["auto", "float32", "mixed_bfloat16"], default="auto")
    parser.add_argument(
        "--xla", action=argparse.BooleanOptionalAction, help="compile the step with XLA (default: whichever is faster)"
    )
    parser.add_argument("--publish-now", action="store_true", help="publish the checkpoint as it is; do not train")
    chosen = parser.parse_args(arguments)
    recipe = RECIPES[chosen.name]
    if recipe.needs_photos and chosen.photos is None:
        parser.error(f"{recipe.name} learns from photographs: give their folder by --photos DIR.")
    if chosen.hours is not None and not (isinstance(recipe, ScheduledRecipe) and chosen.hours > 0):
        parser.error(
            f"--hours {chosen.hours:g} does not apply to {recipe.name}: give more than 0 to a recipe of hours."
        )

    training_of = training_class(recipe)
    from restoration.train.checkpoint import CheckpointError

    set_precision(chosen.precision if isinstance(recipe, ScheduledRecipe) else "float32")
    folder = chosen.folder or CHECKPOINTS / recipe.name
    try:
        training = training_of.from_photos(recipe, chosen.photos, folder, hours=chosen.hours, xla=chosen.xla)
        if not chosen.publish_now:
            training.train()
        print(training.publish())
    except (CheckpointError, FileNotFoundError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on from the last checkpoint in {folder}.", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


def set_precision(precision: str) -> None:
    """Compute in a precision; "auto" is bfloat16 with float32 weights where the processor is fast at it."""
    import keras

    from restoration.inference.hardware import has_bfloat16

    if precision == "auto":
        precision = "mixed_bfloat16" if has_bfloat16() else "float32"
    keras.mixed_precision.set_global_policy(precision)


if __name__ == "__main__":
    main()
