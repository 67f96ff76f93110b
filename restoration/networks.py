"""The networks: one family of convolutional autoencoders, built from plain Keras layers.

Every builder returns an uncompiled `keras.Model` from its card's config alone, for any height and width that
are multiples of the network's stride. Nothing here knows files, tiles or tasks.
"""

import keras
import numpy as np
from keras import layers, ops


def _kernel(gain=1.0):
    """He initialisation times a gain.

    Small where a block ends, so that a deep stack of residual blocks starts close to the identity and trains
    without normalisation (Zhang et al. 2019, arXiv:1901.09321).
    """
    return keras.initializers.VarianceScaling(scale=2.0 * gain**2, mode="fan_in", distribution="truncated_normal")


def _conv(width, size=3, stride=1, gain=1.0, **options):
    return layers.Conv2D(
        width, size, stride, padding="same", use_bias=False, kernel_initializer=_kernel(gain), **options
    )


def _block(features, width, name):
    """Add a correction made by two convolutions: x + conv(relu(conv(x)))."""
    inner = _conv(width, name=f"{name}_a", activation="relu")(features)
    return layers.Add(name=name)([features, _conv(width, gain=0.1, name=f"{name}_b")(inner)])


def _double(features, width, *, decoder, name, size=2, gain=0.5):
    """Double height and width, by the decoder's way of doing it."""
    if decoder == "transpose":
        # The kernel is a multiple of the stride: every output pixel gets the same number of taps, so no checkerboard
        # (Odena et al. 2016, doi:10.23915/distill.00003).
        return layers.Conv2DTranspose(
            width, size, 2, padding="same", use_bias=False, kernel_initializer=_kernel(gain), name=name
        )(features)
    if decoder == "upsample":
        features = layers.UpSampling2D(2, interpolation="nearest", name=f"{name}_up")(features)
        return _conv(width, 3, gain=gain, name=name)(features)
    raise ValueError(f'decoder is {decoder!r}; choose "transpose" or "upsample".')


def residual_autoencoder(*, widths, blocks, decoder="transpose", channels=3, extra=2):
    """Build a U-shaped residual autoencoder: what to add to the picture so that it becomes clean.

    The first convolution already halves the picture, for a processor does 3x3 convolutions best on few pixels
    with many channels. Skips carry the detail past the code by addition (as in DRUNet, Zhang et al. 2021,
    doi:10.1109/TPAMI.2021.3088914). There are no biases: what is learned at one contrast or noise level
    carries over to others (Mohan et al. 2020, arXiv:1906.05478).

    Parameters
    ----------
    widths : sequence of int
        Channels at 1/2, 1/4, ... of the resolution; the last is the width of the code.
    blocks : sequence of int
        Residual blocks per width, on each side; the code has its number once.
    decoder : {"transpose", "upsample"}
        `Conv2DTranspose`, or `UpSampling2D` followed by a convolution.
    channels : int
        Channels of the picture.
    extra : int
        Channels beside the picture (the noise level and whether it is known).

    Returns
    -------
    keras.Model
        (n, h, w, channels + extra) float32 -> (n, h, w, channels) float32; h and w multiples of
        ``2 ** len(widths)``.
    """
    depth = len(widths)
    given = keras.Input((None, None, channels + extra), name="given")
    picture = given[..., :channels]

    features, skips = given, []
    for level, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        size = 4 if level == 0 else 2
        features = _conv(width, size, 2, name=f"down{level}")(features)
        for index in range(count):
            features = _block(features, width, f"{'code' if level == depth - 1 else f'encode{level}'}_{index}")
        skips.append(features)

    for level in range(depth - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = _double(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range(blocks[level]):
            features = _block(features, widths[level], f"decode{level}_{index}")

    correction = _double(features, channels, decoder=decoder, name="correction", size=4, gain=0.05)
    # The sum stays in float32 whatever the layers compute in, so the picture itself is never rounded.
    restored = layers.Add(name="restored", dtype="float32")([picture, correction])
    return keras.Model(given, restored, name="residual_autoencoder")


def bottleneck_autoencoder(*, widths, decoder="transpose", channels=3, extra=2):
    """Build the lecture's autoencoder: everything must pass through the code, nothing goes around it.

    Strided convolutions down, `Conv2DTranspose` (or `UpSampling2D`) up, no skips, no residual.

    Parameters
    ----------
    widths : sequence of int
        Channels after each halving; the last is the code's.
    decoder, channels, extra
        As in `residual_autoencoder`; the extra channels are accepted and ignored.

    Returns
    -------
    keras.Model
        (n, h, w, channels + extra) float32 -> (n, h, w, channels) float32 in [0, 1]; h and w multiples of
        ``2 ** len(widths)``.
    """
    given = keras.Input((None, None, channels + extra), name="given")
    features = given[..., :channels]
    for level, width in enumerate(widths):
        name = "code" if level == len(widths) - 1 else f"encode{level}"
        features = layers.Conv2D(width, 3, 2, padding="same", activation="relu", name=name)(features)
    for level, width in reversed(list(enumerate(widths[:-1]))):
        features = layers.Activation("relu")(_double(features, width, decoder=decoder, name=f"decode{level}"))
    restored = _double(features, channels, decoder=decoder, name="picture")
    restored = layers.Activation("sigmoid", dtype="float32", name="restored")(restored)
    return keras.Model(given, restored, name="bottleneck_autoencoder")


@keras.saving.register_keras_serializable("restoration")
class _Even(keras.initializers.Initializer):
    """The same small kernel for every output pixel of a transposed convolution, so that it begins as an even one.

    Independent values would print a grid of the stride's period on everything (Aitken et al. 2017,
    arXiv:1707.02937, for sub-pixel convolutions).
    """

    def __init__(self, scale, gain):
        self.scale, self.gain = scale, gain

    def __call__(self, shape, dtype=None):
        rows, columns, outputs, inputs = shape
        small = (rows // self.scale, columns // self.scale, inputs, outputs)
        kernel = ops.transpose(_kernel(self.gain)(small, dtype), (0, 1, 3, 2))
        return ops.repeat(ops.repeat(kernel, self.scale, axis=0), self.scale, axis=1)

    def get_config(self):
        return {"scale": self.scale, "gain": self.gain}


def _spread(results, scale):
    """(n, h, w, scale * scale * c) -> (n, scale * h, scale * w, c): the results of each pixel go to their places."""
    count, height, width, channels = ops.shape(results)
    channels //= scale**2
    results = ops.reshape(results, (count, height, width, scale, scale, channels))
    results = ops.transpose(results, (0, 1, 3, 2, 4, 5))
    return ops.reshape(results, (count, height * scale, width * scale, channels))


class WideTranspose(layers.Conv2DTranspose):
    """A transposed convolution whose kernel is three strides wide, computed several times as fast for few channels.

    Each result depends on 3 x 3 inputs, so a convolution makes the results of each pixel as channels; the same
    weights, the same numbers.
    """

    def call(self, features):
        """(n, h, w, c) -> (n, stride * h, stride * w, filters)."""
        scale = self.strides[0]
        kernel = ops.reshape(self.kernel, (3, scale, 3, scale, self.filters, features.shape[-1]))
        kernel = ops.transpose(ops.flip(ops.flip(kernel, 0), 2), (0, 2, 5, 1, 3, 4))
        kernel = ops.reshape(kernel, (3, 3, features.shape[-1], scale**2 * self.filters))
        return _spread(ops.conv(features, kernel, padding="same"), scale)


class Bicubic(layers.Layer):
    """Enlarge by a whole number, by bicubic interpolation (Keys 1981, a = -0.5), the picture mirrored past its edges.

    The same numbers as `restoration.resample.resize`, in sums and products alone: a runtime that rounds the inputs of
    convolutions to bfloat16 does not round the picture.
    """

    def __init__(self, scale, **options):
        super().__init__(**options)
        self.scale = scale

    def call(self, picture):
        """(n, h, w, c) -> (n, scale * h, scale * w, c)."""
        count, height, width, channels = ops.shape(picture)
        padded = ops.pad(picture, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="symmetric")
        rows = ops.stack(self._between(lambda part: padded[:, part]), axis=2)
        rows = ops.reshape(rows, (count, height * self.scale, width + 4, channels))
        both = ops.stack(self._between(lambda part: rows[:, :, part]), axis=3)
        return ops.reshape(both, (count, height * self.scale, width * self.scale, channels))

    def _between(self, shifted):
        """Return the results at each of the places that a pixel's side is divided into, along one axis."""
        distance = np.abs((np.arange(self.scale) + 0.5) / self.scale - 0.5 - np.arange(-2, 3)[:, None])
        near = 1.5 * distance**3 - 2.5 * distance**2 + 1
        far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
        taps = np.where(distance <= 1, near, np.where(distance <= 2, far, 0))  # (pixel, place)
        parts = [slice(first, first - 4 or None) for first in range(5)]
        return [
            sum(float(tap) * shifted(part) for tap, part in zip(of_place, parts, strict=True) if tap)
            for of_place in taps.T
        ]

    def compute_output_shape(self, shape):
        """Return the shape of the result for the shape of a picture."""
        count, height, width, channels = shape
        return count, *(length and self.scale * length for length in (height, width)), channels

    def get_config(self):
        """Return what the layer is made from."""
        return {**super().get_config(), "scale": self.scale}


def upscaling_autoencoder(*, widths, blocks, scales, decoder="transpose", channels=3, mean=9):
    """Build a U-shaped autoencoder that enlarges: what to add to the bicubic enlargement so that it becomes sharp.

    All the work is done at the small size and below; one trunk serves every scale, and each scale ends in a
    `Conv2DTranspose` of its own (as MDSR does with sub-pixel convolutions, Lim et al. 2017, arXiv:1707.02921). The
    trunk sees how the picture differs from its local mean, and nothing has a bias: what is learned at one brightness
    and contrast holds at all, and a plain surface stays exactly as it is.

    Parameters
    ----------
    widths : sequence of int
        Channels at 1, 1/2, 1/4, ... of the small size; the last is the width of the code.
    blocks : sequence of int
        Residual blocks per width, on each side; the code has its number once.
    scales : sequence of int
        Output pixels per input pixel along one side; one output each.
    decoder : {"transpose", "upsample"}
        How the code gets back to the small size.
    channels : int
        Channels of the picture.
    mean : int
        Side of the window of the local mean, in pixels.

    Returns
    -------
    keras.Model
        (n, h, w, channels) float32 -> list of (n, scale * h, scale * w, channels) float32, one per scale; h and w
        multiples of ``2 ** (len(widths) - 1)``. `head` takes one of them.
    """
    given = keras.Input((None, None, channels), name="given")
    local = layers.AveragePooling2D(mean, 1, padding="same", dtype="float32", name="local_mean")(given)
    details = layers.Subtract(dtype="float32", name="details")([given, local])

    features, skips = _conv(widths[0], name="enter")(details), []
    for level, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        if level:
            # (n, h, w, c) -> (n, h/2, w/2, width)
            features = _conv(width, 2, 2, name=f"down{level}")(features)
        for index in range(count):
            features = _block(features, width, f"{'code' if level == len(widths) - 1 else f'encode{level}'}_{index}")
        skips.append(features)

    for level in range(len(widths) - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = _double(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range(blocks[level]):
            features = _block(features, widths[level], f"decode{level}_{index}")

    enlarged = [_enlarged(given, features, scale, widths[0], channels) for scale in scales]
    return keras.Model(given, enlarged, name="upscaling_autoencoder")


def _enlarged(given, features, scale, width, channels):
    """(n, h, w, channels) and its features -> (n, scale * h, scale * w, channels)."""
    features = _conv(width, activation="relu", name=f"x{scale}_features")(features)
    # Three strides wide: every output pixel sees 3 x 3 features, as many as any other.
    correction = WideTranspose(
        channels,
        3 * scale,
        scale,
        padding="same",
        use_bias=False,
        kernel_initializer=_Even(scale, gain=0.05),
        name=f"x{scale}_correction",
    )(features)
    plain = Bicubic(scale, dtype="float32", name=f"x{scale}_plain")(given)
    return layers.Add(name=f"x{scale}", dtype="float32")([plain, correction])


def head(network, scale):
    """Return the part of a network that enlarges by `scale`; a network with a single output is that already."""
    if len(network.outputs) == 1:
        return network
    return keras.Model(network.input, network.get_layer(f"x{scale}").output)


def side_by_side(network):
    """Give each output of a network an input of its own, so that all are trained in one step, on pictures of their own.

    Returns
    -------
    keras.Model
        With the same weights; a list of inputs to a list of outputs. A network with a single output is that already.
    """
    if len(network.outputs) == 1:
        return network
    inputs = [keras.Input(network.input.shape[1:]) for _ in network.outputs]
    outputs = [keras.Model(network.input, output)(given) for output, given in zip(network.outputs, inputs, strict=True)]
    return keras.Model(inputs, outputs)


EVENED = "_even"  # how the names of the layers end that `color_autoencoder` evens its encoder's features by
LITE_STAGES = ((1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1))


def efficientnet_lite(picture, *, widths, repeats):
    """Add the encoder of EfficientNet-Lite for a gray picture, its normalisations folded into the convolutions.

    Parameters
    ----------
    picture : tensor of shape (n, h, w, 1)
        (255 g - 127) / 128 of the gray value g in [0, 1]. The first kernel is the sum of the original's over red, green
        and blue, which is the same as showing it the gray value three times.
    widths : sequence of 7 int
        Channels that leave each stage.
    repeats : sequence of 7 int
        Blocks in each stage.

    Returns
    -------
    list of four tensors
        The pictures' features at 1/4, 1/8, 1/16 and 1/32 of the resolution.
    """
    features = layers.Conv2D(32, 3, 2, padding="same", name="stem")(picture)  # (n, h, w, 1) -> (n, h/2, w/2, 32)
    features = layers.ReLU(6, name="stem_relu")(features)
    stages, index = [], 0
    for (expansion, kernel, stride), width, count in zip(LITE_STAGES, widths, repeats, strict=True):
        for repeat in range(count):
            step = stride if repeat == 0 else 1
            features = _lite_block(
                features, width, expansion=expansion, kernel=kernel, stride=step, name=f"block{index}"
            )
            index += 1
        stages.append(features)
    return [stages[1], stages[2], stages[4], stages[6]]


def _lite_block(features, width, *, expansion, kernel, stride, name):
    """Widen, filter each channel alone, narrow: the inverted residual of Sandler et al. 2018, arXiv:1801.04381."""
    inner, channels = features, features.shape[-1]
    if expansion > 1:
        inner = layers.Conv2D(channels * expansion, 1, name=f"{name}_expand")(inner)
        inner = layers.ReLU(6, name=f"{name}_expand_relu")(inner)
    inner = layers.DepthwiseConv2D(kernel, stride, padding="same", name=f"{name}_depthwise")(inner)
    inner = layers.ReLU(6, name=f"{name}_depthwise_relu")(inner)
    inner = layers.Conv2D(width, 1, name=f"{name}_project")(inner)
    return layers.Add(name=name)([features, inner]) if stride == 1 and channels == width else inner


def color_autoencoder(*, encoder, widths, hints, colors, blocks=1, dropout=0.2):
    """Build the network of colours: from the luminance, and hints where there are any, to how likely each colour is.

    An encoder that learned objects on ImageNet, frozen or nearly so, under a decoder of `Conv2DTranspose` stages with
    skips. The output has a part of the resolution (as in Zhang et al. 2016, arXiv:1603.08511): colour is soft, the
    picture's own luminance brings the edges back. The hints (Zhang et al. 2017, arXiv:1705.02999) join at every scale
    by a light encoder without biases, so that no hint changes nothing.

    Parameters
    ----------
    encoder : dict
        Arguments of `efficientnet_lite`.
    widths : sequence of 2 to 4 int
        The decoder's channels at 1/32, 1/16, 1/8 and 1/4 of the resolution, as far as it goes up.
    hints : sequence of 4 int
        Channels of the hints' encoder at the same.
    colors : int
        The number of colours to choose from (`restoration.chroma.COLORS`).
    blocks : int
        Residual blocks at each of the decoder's resolutions.
    dropout : float in [0, 1]
        Share of the encoder's channels that training leaves out.

    Returns
    -------
    keras.Model
        (n, h, w, 4) float32 -> (n, h/s, w/s, colors) float32, s being 64 / 2 ** len(widths): the logarithm of how
        likely each colour is, up to a constant.
        Channels in: the gray value in [0, 1]; a and b of the hint over 100, and 1, where there is a hint; 0 elsewhere.
        h and w are multiples of 32.
    """
    given = keras.Input((None, None, 4), name="given")
    picture = layers.Rescaling(255 / 128, -127 / 128, name="picture")(given[..., :1])
    told = _hint_encoder(given[..., 1:], hints, widths)
    features = None
    for level, (width, skip) in enumerate(zip(widths, reversed(efficientnet_lite(picture, **encoder)), strict=False)):
        parts = [told[level], _evened(skip, width, dropout, f"skip{level}")]
        if level:
            # (n, h, w, c) -> (n, 2h, 2w, width)
            parts.append(_double(features, width, decoder="transpose", name=f"up{level}"))
        features = layers.Add(name=f"joined{level}")(parts)
        for index in range(blocks):
            features = _block(features, width, f"decode{level}_{index}")
    features = layers.ReLU(name="relu")(features)
    likely = layers.Conv2D(colors, 1, name="colors", dtype="float32")(features)
    return keras.Model(given, likely, name="color_autoencoder")


def _evened(features, width, dropout, name):
    """Bring an encoder's features to a mean of 0 and a variance of 1, then to `width` channels.

    They are up to 27 times as strong as the decoder's and would drown them. The statistics are measured once, before
    the training, and stay (`EVENED` finds the layers): the network is the same in training and in use.
    """
    norm = layers.BatchNormalization(center=False, scale=False, trainable=False, name=f"{name}{EVENED}")
    features = layers.SpatialDropout2D(dropout, name=f"{name}_dropout")(norm(features))
    return layers.Conv2D(width, 1, kernel_initializer=_kernel(), name=name)(features)


def _hint_encoder(given, channels, widths):
    """(n, h, w, 3) -> what hints say at 1/32, 1/16, ... of the resolution, in `widths` channels; zero far from any."""
    pooled = layers.AveragePooling2D(4, name="hints")(given)
    # A small hint counts as much as a large one: colour and mask are divided by the share of the cell it fills.
    features = pooled / ops.maximum(pooled[..., 2:], 1 / 16)
    found = []
    for level in (3, 2, 1, 0):
        step = 1 if level == 3 else 2
        features = _conv(channels[level], 3, step, name=f"hint{level}", activation="relu")(features)
        if level < len(widths):
            found.append(_conv(widths[level], 1, name=f"hint{level}_out")(features))
    return found[::-1]


def dense_color_autoencoder(*, side, widths, code):
    """Build the lecture's autoencoder of colours: everything passes through one short row of numbers.

    Parameters
    ----------
    side : int
        Height and width, fixed by the dense code; a multiple of ``2 ** len(widths)``.
    widths : sequence of int
        Channels after each halving.
    code : int
        Numbers in the code.

    Returns
    -------
    keras.Model
        (n, side, side, 1) float32, gray values in [0, 1] -> (n, side, side, 3) float32, RGB in [0, 1].
    """
    given = keras.Input((side, side, 1), name="given")
    features = given
    for level, width in enumerate(widths):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        features = layers.Conv2D(width, 3, 2, padding="same", activation="relu", name=f"encode{level}")(features)
    small = features.shape[1:]
    numbers = layers.Dense(code, name="code")(layers.Flatten(name="flat")(features))
    features = layers.Dense(int(np.prod(small)), activation="relu", name="unfold")(numbers)
    features = layers.Reshape(small, name="square")(features)
    for level, width in reversed(list(enumerate(widths))):
        features = layers.Conv2DTranspose(width, 3, 2, padding="same", activation="relu", name=f"decode{level}")(
            features
        )
    picture = layers.Conv2DTranspose(3, 3, padding="same", activation="sigmoid", dtype="float32", name="picture")(
        features
    )
    return keras.Model(given, picture, name="dense_color_autoencoder")


BUILDERS = {
    "residual_autoencoder": residual_autoencoder,
    "bottleneck_autoencoder": bottleneck_autoencoder,
    "upscaling_autoencoder": upscaling_autoencoder,
    "color_autoencoder": color_autoencoder,
    "dense_color_autoencoder": dense_color_autoencoder,
}


def gflop_per_megapixel(network, side=256):
    """Count what the convolutions cost for one megapixel of input.

    Parameters
    ----------
    network : keras.Model
        Of the family above: one input, convolutions of any kind. Of several outputs the largest is counted.
    side : int
        Height and width used for the count; a multiple of the network's stride.

    Returns
    -------
    float
        Billions of operations (a multiplication and an addition are two) per 10^6 pixels.
    """
    multiplications = 0
    fixed = _at(network, side)
    largest = max(fixed.outputs, key=lambda output: output.shape[1])
    for layer in keras.Model(fixed.input, largest).layers:
        if isinstance(layer, layers.Dense):
            multiplications += int(np.prod(layer.kernel.shape))
        if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose | layers.DepthwiseConv2D):
            # Each weight meets each pixel once: of the output, or of the input where the convolution is transposed.
            met = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            multiplications += int(np.prod(met.shape[1:3])) * int(np.prod(layer.kernel.shape))
    return 2 * multiplications / fixed.input.shape[1] ** 2 / 1e3


def stride(network, largest=64):
    """Return the number that height and width must be multiples of (the halvings between picture and code)."""
    shapes = [layer.output.shape for layer in _at(network, largest).layers if len(layer.output.shape) == 4]
    return shapes[0][1] // min(shape[1] for shape in shapes)


def receptive_radius(network, side=256):
    """Measure how far a pixel's influence reaches: the least halo that makes tiled equal to whole.

    A copy of the network with positive weights throughout is shown one bright pixel, at every position relative to
    the strides: nothing can cancel, so all that changed is all that could.

    Parameters
    ----------
    network : keras.Model
    side : int
        Height and width of the picture it is measured on; doubled until the influence ends inside it.

    Returns
    -------
    int
        Pixels, the larger of the two axes' and directions' reaches.
    """
    step = stride(network)
    copy = keras.models.clone_model(network, clone_function=_without_differences)
    for layer, original in zip(copy.layers, network.layers, strict=True):
        weights = [np.full(value.shape, 1.0 / np.prod(value.shape[:-1])) for value in original.get_weights()]
        layer.set_weights([value if value.ndim > 1 else 0 * value for value in weights])
    # Before the final squashing, which would hide small changes.
    last = copy.layers[-1]
    outputs = [last.input] if isinstance(last, layers.Activation) else copy.outputs
    linear = keras.Model(copy.input, outputs)
    radius = 0
    for offset in range(step):
        position = side // 2 + offset
        picture = np.zeros((1, side, side, network.input.shape[-1]), np.float32)
        picture[0, position, position] = 1e6
        for result in keras.tree.flatten(linear(picture)):
            reached = np.argwhere(ops.convert_to_numpy(result)[0].any(axis=-1)) // (result.shape[1] // side)
            radius = max(radius, int(np.abs(reached - position).max()))
    return radius if radius + step < side // 2 else receptive_radius(network, 2 * side)


def _without_differences(layer):
    """Copy a layer; a difference becomes a sum, in which nothing can cancel."""
    kind = layers.Add if isinstance(layer, layers.Subtract) else type(layer)
    return kind.from_config(layer.get_config())


def _at(network, side):
    """Copy the network for one fixed size (its own where it has one), so that every layer's shape is known."""
    given = keras.Input(tuple(length or side for length in network.input.shape[1:]))
    return keras.models.clone_model(network, input_tensors=given)
