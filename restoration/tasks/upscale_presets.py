"""The networks that enlarge, by the names that a caller knows them by."""

from restoration.image.checks import ImageError, check_within

FAITHFUL, PHOTO = "faithful", "photo"  # for clean pictures; for soft, noisy and compressed ones


def networks_of(preset: str, blend: float) -> tuple[str, ...]:
    """Return the presets of the networks that run: two where `photo` is blended with `faithful`.

    Raises
    ------
    ImageError
        If `blend` is out of range, or the preset is not blended.

    Examples
    --------
    >>> networks_of("photo", 0), networks_of("photo", 0.5), networks_of("photo", 1)
    (('photo',), ('photo', 'faithful'), ('faithful',))
    """
    check_within("blend", blend)
    if blend and preset != PHOTO:
        raise ImageError(
            f"blend is {blend:g}, a share of {FAITHFUL} beside {PHOTO}, but the preset is {preset!r}; choose the "
            f"preset {PHOTO}, or a blend of 0."
        )
    if blend == 1:
        return (FAITHFUL,)
    return (PHOTO, FAITHFUL) if blend else (preset,)
