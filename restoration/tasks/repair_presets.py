"""The networks that repair, by the names that a caller knows them by."""

from restoration.inference.card import BASELINE, presets

TASK, DAMAGE = "repair", "damage"  # the task of the cards, and the preset whose network finds damage
COMPLETION = {"best": "complete", BASELINE: BASELINE}  # preset of `complete` -> preset of its card


def offered_presets() -> list[str]:
    """Return the presets of `complete` whose networks are installed."""
    installed = presets(TASK)
    return [name for name, preset in COMPLETION.items() if preset in installed]
