"""`python -m restoration.train NAME --photos DIR --hours H`: train a network, resume it, publish weights and card."""

import argparse
import json
from pathlib import Path

from restoration.inference.card import WEIGHTS
from restoration.train.recipes import RECIPES, TRIALS

TRIALS_LOG = WEIGHTS / "trials.jsonl"


def main():
    """Train one recipe to the end of its budget, then publish it."""
    parser = argparse.ArgumentParser(prog="python -m restoration.train", description=__doc__)
    parser.add_argument("name", choices=[*RECIPES, *TRIALS])
    parser.add_argument(
        "--photos", type=Path, required=True, help="folder of photographs, searched with its subfolders"
    )
    parser.add_argument("--hours", type=float, default=2.0, help="budget of training time (default 2)")
    parser.add_argument("--folder", type=Path, help="where checkpoint and log live (default .checkpoints/NAME)")
    parser.add_argument("--start", type=Path, help="weights file to begin from")
    parser.add_argument("--precision", choices=["auto", "float32", "mixed_bfloat16"], default="auto")
    parser.add_argument(
        "--xla", action=argparse.BooleanOptionalAction, help="compile the step with XLA (default: whichever is faster)"
    )
    parser.add_argument("--publish-now", action="store_true", help="publish the checkpoint as it is; do not train")
    chosen = parser.parse_args()

    import keras

    from restoration.inference.hardware import has_bfloat16
    from restoration.train.patches import load_photos
    from restoration.train.publish import publish
    from restoration.train.train_restore import Run

    recipe = (RECIPES | TRIALS)[chosen.name]
    fast = has_bfloat16()
    precision = chosen.precision if chosen.precision != "auto" else ("mixed_bfloat16" if fast else "float32")
    keras.mixed_precision.set_global_policy(precision)
    folder = chosen.folder or Path(".checkpoints") / chosen.name
    photos = load_photos(chosen.photos, often=recipe.often)
    run = Run(recipe, *photos, folder, hours=chosen.hours, start=chosen.start, xla=chosen.xla)
    if not chosen.publish_now:
        run.train()
    if chosen.name in TRIALS:
        with TRIALS_LOG.open("a") as log:
            log.write(json.dumps({"trial": chosen.name} | run.summary()) + "\n")
        return
    command = f"python -m restoration.train {chosen.name} --photos DIR --hours {chosen.hours:g}"
    if chosen.start:
        command += f" --start {chosen.start}"
    print(publish(chosen.name, run, command, start=chosen.start))


if __name__ == "__main__":
    main()
