"""How strong the noise of an image is: a photograph's, and a page's of text or line art, which are not noise."""

import numpy as np

from restoration.image.checks import checked
from restoration.image.types import Array, Image

# A large image is measured at a grid of patches, so that it takes no longer than a small one.
PATCH_SIDE, PATCH_GRID = 256, 4
BLOCK_SIDE = 24  # pixels; the quietest share of the blocks tells the noise
QUIETEST, STILLEST = 0.3, 0.04
MIDDLE_TONES = (0.12, 0.88)  # where film grain is; the stillest blocks are looked for among these, if there are any
QUIETER = 0.975  # the quietest blocks of white noise lie so far below its level
NEIGHBORHOOD = 5  # pixels a side of the neighbourhoods whose covariance is taken
MOST_NEIGHBORHOODS = 60_000
FEWEST_BLOCKS, LEAST_SHARE = 4, 0.05  # what there must be of blocks that are hardly clipped
CLIPPED_SHARES = (0.05, 0.3, 1.0)  # of a block's samples at black or white, tried in this order
PAPER_CLIPPED, PAPER_COMMON = 0.2, 0.45  # shares of the samples from which one tone is the paper of a page
MEDIAN_DEVIATION = 0.67449  # of normal noise whose standard deviation is 1
_LEVEL = 1 / 255


def estimate_sigma(image: Image) -> float:
    """Estimate the standard deviation of the white noise in an image.

    The covariance of small neighbourhoods in the quietest blocks: what a picture shows lies in few of its dimensions,
    white noise in all of them alike, so the lower half of its eigenvalues is noise (after Pyatykh, Hesser and Zheng
    2013, doi:10.1109/TIP.2012.2221728). On a page, where nearly everything is an edge, the spread around the commonest
    tone tells it instead; and where neighbours are equal more often than noise would leave them, there is less.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32

    Returns
    -------
    float
        In units of [0, 1], averaged over the channels. Too low for noise that is smooth over neighbouring pixels, as
        that of cameras' JPEGs and film grain.

    Raises
    ------
    ImageError
        If `image` is none.
    """
    return _mean_level(image, QUIETEST)


def least_sigma(image: Image) -> float:
    """Return the noise that even the stillest places of an image have: 0 where only texture looks like noise.

    As `estimate_sigma`, of fewer blocks: it errs to the low side, and so tells better whether there is noise at all.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32

    Returns
    -------
    float
        In units of [0, 1].
    """
    return _mean_level(image, STILLEST)


def _mean_level(image, share):
    patches = _sample(checked(image))
    levels = [_level([patch[..., channel] for patch in patches], share) for channel in range(image.shape[-1])]
    known = [level for level in levels if level is not None]
    return float(np.mean(known)) if known else 0.0


def _level(patches, share):
    """Return the noise level of one channel, a list of (h, w); None where it is flat and so tells nothing."""
    blocks, energies = (np.concatenate(parts) for parts in zip(*map(_blocks, patches), strict=True))
    flat = np.ptp(blocks, axis=(1, 2)) < 1e-6
    if flat.all():
        return None
    blocks, energies = blocks[~flat], energies[~flat]
    inside = (blocks != 0) & (blocks != 1)  # what is clipped tells less
    levels = [_quietest(blocks, energies, 1 - inside.mean(axis=(1, 2)), share), _most_for_ties(blocks, inside)]
    around_paper = _around_paper(np.concatenate([patch.ravel() for patch in patches]))
    return min([*levels, around_paper] if around_paper is not None else levels)


def _blocks(patch):
    """Cut a patch (h, w) into blocks (n, side, side), and return what of each lies in the finest detail, (n,)."""
    import cv2

    kernel = np.outer((1, -2, 1), (1, -2, 1)).astype(np.float32)
    detail = np.square(cv2.filter2D(patch, -1, kernel, borderType=cv2.BORDER_REFLECT))
    side = min(BLOCK_SIDE, *patch.shape)
    rows, columns = (length // side for length in patch.shape)

    def cut(values):
        values = values[: rows * side, : columns * side].reshape(rows, side, columns, side)
        return values.transpose(0, 2, 1, 3).reshape(-1, side, side)

    return cut(patch), cut(detail).mean(axis=(1, 2))


def _quietest(blocks: Array, energies: Array, clipped: Array, share: float) -> float:
    """Return the noise level of the quietest blocks by the eigenvalues of their neighbourhoods' covariance."""
    for most in CLIPPED_SHARES:
        chosen = np.flatnonzero(clipped <= most)
        if len(chosen) >= max(FEWEST_BLOCKS, LEAST_SHARE * len(blocks)):
            break
    if share == STILLEST:
        tones = blocks[chosen].mean(axis=(1, 2))
        middle = chosen[(tones > MIDDLE_TONES[0]) & (tones < MIDDLE_TONES[1])]
        chosen = middle if len(middle) >= max(FEWEST_BLOCKS, LEAST_SHARE * len(blocks)) else chosen
    chosen = chosen[np.argsort(energies[chosen])][: max(FEWEST_BLOCKS, int(share * len(chosen)))]
    window = (NEIGHBORHOOD, NEIGHBORHOOD)
    samples = np.lib.stride_tricks.sliding_window_view(blocks[chosen], window, axis=(1, 2))
    samples = samples.reshape(-1, NEIGHBORHOOD**2)
    samples = samples[:: 1 + len(samples) // MOST_NEIGHBORHOODS]
    samples = samples - samples.mean(axis=1, keepdims=True)
    eigenvalues = np.linalg.eigvalsh((samples.T @ samples / len(samples)).astype(np.float64))[1:]  # 0: the mean's
    return float(np.sqrt(max(eigenvalues[: len(eigenvalues) // 2].mean(), 0))) / QUIETER


def _most_for_ties(blocks, inside):
    """Return the noise at which neighbours in 8 bits were equal as often as they are; unclipped ones count."""
    if inside.mean() < 0.02:  # two tones alone, which noise would have spread
        return 0.0
    pairs = inside[..., 1:] & inside[..., :-1]
    equal = pairs & (blocks[..., 1:] == blocks[..., :-1])
    if pairs.mean() < 0.01 or not equal.any():
        return 1.0
    return float(pairs.sum() / equal.sum() / (2 * np.sqrt(np.pi)) * _LEVEL)


def _around_paper(values):
    """Return the noise around the commonest tone of a page; None where no tone is so common."""
    for distances in (1 - values, values):
        at_end = int((distances == 0).sum())
        if at_end >= PAPER_CLIPPED * values.size:
            # Half of the noise on white paper is clipped. The other half are the tones nearest to white.
            near = distances[distances > 0]
            return float(np.partition(near, at_end // 2)[at_end // 2]) / MEDIAN_DEVIATION if near.size > at_end else 0.0
    import cv2

    counts = np.bincount(np.rint(np.clip(values, -0.5, 1.5) * 255).astype(int) + 128, minlength=512)
    smooth = cv2.GaussianBlur(counts.astype(np.float32)[None], (0, 0), 2.0)[0]
    paper = (int(smooth.argmax()) - 128) * _LEVEL
    found = []
    for distances in (values - paper, paper - values):  # ink lies on one side only
        far = distances[distances > _LEVEL / 2]
        sigma = float(np.median(far)) / MEDIAN_DEVIATION if far.size > 0.02 * values.size else 0.0
        if (np.abs(distances) <= max(2.5 * sigma, _LEVEL / 2)).mean() > PAPER_COMMON:
            found.append(sigma)
    return min(found, default=None)


def _sample(image):
    """Return the image itself, or a grid of patches out of it where it is large; mirrored to 16 pixels at least."""
    height, width = image.shape[:2]
    if height * width <= (PATCH_GRID * PATCH_SIDE) ** 2:
        missing = [(0, max(0, 16 - height)), (0, max(0, 16 - width)), (0, 0)]
        return [np.pad(image, missing, mode="symmetric")]
    side = PATCH_SIDE
    rows = np.linspace(0, max(0, height - side), PATCH_GRID).astype(int)
    columns = np.linspace(0, max(0, width - side), PATCH_GRID).astype(int)
    return [image[row : row + side, column : column + side] for row in rows for column in columns]
