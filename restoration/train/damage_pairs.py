"""Pairs of damaged patches and masks, and of patches with holes and whole ones: what networks of repair see."""

import cv2
import numpy as np

from restoration.degrade.damage import draw_damage
from restoration.degrade.holes import draw_holes
from restoration.degrade.noise import add_film_grain, compress
from restoration.degrade.thin_objects import draw_thin_objects
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.srgb import LUMA
from restoration.image.types import Array, Image, Mask

CLEAN_SHARE = 0.35  # of the patches that a network of damage sees, without any
THIN_SHARE = 0.4  # of the patches, with thin objects that are no damage
SEPIA = np.array([1.0, 0.86, 0.66], np.float32)

DAMAGE_IN_WORDS = (
    "creases, cracks, scratches, dust, hair, abrasion, stains, tape, torn edges and corners and missing pieces, over "
    "0.2 to 15 % of the pixels; 35 % of the patches without damage, 40 % with wires, branches, hair, text, bars, nets "
    "or rain that are none; gray, sepia, faded and in colour; grain, blur and JPEG below and above the damage"
)
HOLES_IN_WORDS = (
    "holes over 2 to 35 % of the pixels: the masks of drawn damage (45 %), free-form strokes (30 %), blocks (15 %) and "
    "text (10 %); a quarter of the patches gray, a quarter sepia or faded, some grainy"
)


def damage_pair(generator: np.random.Generator, patch: Image) -> tuple[Image, Array]:
    """Damage a clean patch as old prints are.

    Parameters
    ----------
    generator
    patch : of shape (H, W, 3), in [0, 1]

    Returns
    -------
    given : ndarray of shape (H, W, 3), float32
    truth : ndarray of shape (H, W, 1), float32
        1 where there is damage, 0 elsewhere.
    """
    scene = _old_tones(generator, _soft(generator, patch))
    if generator.random() < THIN_SHARE:
        scene = draw_thin_objects(scene, seed=generator)
    scene = _aged(generator, scene)
    if generator.random() < CLEAN_SHARE:
        mask = np.zeros(patch.shape[:2], bool)
    else:
        amount = np.exp(generator.uniform(np.log(0.002), np.log(0.15)))
        scene, mask = draw_damage(scene, amount=amount, seed=generator)
    return _scanned(generator, scene), _as_channel(mask)


def damage_validation_pair(generator: np.random.Generator, patch: Image) -> tuple[Image, Array]:
    """Return the pair that networks of damage are compared on: 5 % damaged, over grain, saved as JPEG."""
    damaged, mask = draw_damage(_grainy_print(generator, patch), amount=0.05, seed=generator)
    return compress(damaged, 90), _as_channel(mask)


def undamaged_validation_pair(generator: np.random.Generator, patch: Image) -> tuple[Image, Array]:
    """Return the pair of `damage_validation_pair` without its damage: what is found in it is a false alarm."""
    return compress(_grainy_print(generator, patch), 90), np.zeros((*patch.shape[:2], 1), np.float32)


def completion_pair(generator: np.random.Generator, patch: Image) -> tuple[Array, Array]:
    """Cut holes into a clean patch.

    Parameters
    ----------
    generator
    patch : of shape (H, W, 3), in [0, 1]

    Returns
    -------
    given : ndarray of shape (H, W, 4), float32
        The patch, 0 in its holes, and the mask, 1 in the holes.
    truth : ndarray of shape (H, W, 4), float32
        The whole patch, and the mask.
    """
    whole = _old_tones(generator, _soft(generator, patch))
    if generator.random() < 0.3:
        whole = _aged(generator, whole)
    share = np.exp(generator.uniform(np.log(0.02), np.log(0.35)))
    if generator.random() < 0.45:
        _, damaged = draw_damage(whole, amount=min(share, 0.2), seed=generator)
        holes = _widened(damaged, int(generator.integers(0, 3)))
    else:
        kind = generator.choice(["strokes", "blocks", "text"], p=[6 / 11, 3 / 11, 2 / 11])
        holes = draw_holes(*patch.shape[:2], share=share, kinds=(kind,), seed=generator)
    return with_holes(whole, holes), np.concatenate([whole, _as_channel(holes)], axis=-1)


def completion_validation_pair(generator: np.random.Generator, patch: Image) -> tuple[Array, Array]:
    """Return the pair that networks of completion are compared on: in turn damage, strokes, blocks, over 8 %."""
    kind = generator.integers(3)
    if kind == 0:
        holes = _widened(draw_damage(patch, amount=0.06, seed=generator)[1], 1)
    else:
        holes = draw_holes(*patch.shape[:2], share=0.08, kinds=(("strokes", "blocks")[kind - 1],), seed=generator)
    return with_holes(patch, holes), np.concatenate([patch, _as_channel(holes)], axis=-1)


def with_holes(image: Image, holes: Mask) -> Array:
    """Return the input of `restoration.networks.completion_autoencoder`: the image, 0 in the holes, and the mask."""
    mask = _as_channel(holes)
    return np.concatenate([image * (1 - mask), mask], axis=-1)


def _as_channel(mask):
    return mask[..., None].astype(np.float32)


def _widened(mask, pixels):
    """Widen a mask by some pixels on each side."""
    if not pixels:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1,) * 2)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def _soft(generator, patch):
    """Enlarge a part of every second patch to the whole of it: scans of prints are softer than reduced photographs."""
    if generator.random() < 0.5:
        return patch
    zoom = generator.uniform(1.0, 2.0)
    height, width = (round(length / zoom) for length in patch.shape[:2])
    row, column = (
        generator.integers(whole - part + 1) for whole, part in zip(patch.shape, (height, width), strict=False)
    )
    part = patch[row : row + height, column : column + width]
    size = patch.shape[1::-1]
    return np.clip(cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_CUBIC), 0, 1)


def _old_tones(generator, patch):
    """Make half of the patches gray or sepia, and some of all of them faded."""
    kind = generator.random()
    if kind < 0.5:
        patch = np.repeat(patch @ LUMA[:, None], 3, axis=-1)
        if kind < 0.25:
            patch = patch * SEPIA ** np.float32(generator.uniform(0.2, 1.2))
    if generator.random() < 0.35:
        low, high = generator.uniform(0, 0.25, 3 if kind >= 0.5 else 1), generator.uniform(0.7, 1)
        patch = low + (high - low) * patch ** np.exp(generator.normal(0, 0.25))
    return np.float32(patch)


def _aged(generator, patch):
    """Add what lies below the damage: blur, film grain, an earlier JPEG."""
    if generator.random() < 0.3:
        patch = cv2.GaussianBlur(patch, (0, 0), generator.uniform(0.4, 1.5))
    if generator.random() < 0.6:
        patch = add_film_grain(
            patch, generator.uniform(0.005, 0.09), softness=generator.uniform(0.4, 1.5), color=0.2, seed=generator
        )
    if generator.random() < 0.15:
        patch = compress(patch, int(generator.integers(50, 96)), corner=tuple(generator.integers(16, size=2)))
    return patch


def _scanned(generator, image):
    """Add what the scan of a damaged print adds: blur, noise, JPEG or 8 bits."""
    if generator.random() < 0.35:
        image = cv2.GaussianBlur(image, (0, 0), generator.uniform(0.3, 0.9))
    if generator.random() < 0.35:
        image = image + generator.uniform(0, 0.03) * generator.standard_normal(image.shape, np.float32)
    if generator.random() < 0.6:
        corner = tuple(generator.integers(16, size=2))
        return compress(image, int(generator.integers(45, 98)), corner=corner)
    return round_to_8_bits(image)


def _grainy_print(generator, patch):
    gray = np.repeat(patch @ LUMA[:, None], 3, axis=-1) if generator.random() < 0.5 else patch
    return add_film_grain(gray, 0.03, seed=generator)
