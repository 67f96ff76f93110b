"""Networks short of their last steps, for a runtime that is slow at them."""

import keras
from keras import layers

from restoration.networks.transposed_convolution import Unplaced


def corrections(network):
    """Return a network that gives what it would add to the picture, where it computed that.

    Parameters
    ----------
    network : keras.Model
        From `residual_autoencoder` or `upscaling_autoencoder`, or any other, which is returned as it is.

    Returns
    -------
    keras.Model
        Of the first kind (n, h, w, channels + extra) -> (n, h / 2, w / 2, 2 * 2 * channels), or (n, h, w, channels)
        where the decoder is "upsample"; `restoration.image.resample.place_and_add` does the rest. Of the second (n, h,
        w,
        channels) -> for each scale (n, h, w, scale * scale * channels); `restoration.image.resample.enlarge_and_add`
        does the
        rest. The results of each pixel lie row by row.
    """
    ends = [layer for layer in network.layers if layer.name.split("_")[-1] == "correction"]
    return keras.Model(network.input, [_unplaced(layer) for layer in ends]) if ends else network


def _unplaced(layer):
    """Return what a layer computes, of a transposed convolution before its results are in their places."""
    if not isinstance(layer, layers.Conv2DTranspose):
        return layer.output
    unplaced = Unplaced.from_config(layer.get_config())
    results = unplaced(layer.input)
    unplaced.set_weights(layer.get_weights())
    return results
