"""See inside: maps in the right order, and arithmetic that comes to what the network computes."""

import keras
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from restoration.explore import feature_maps
from restoration.image.checks import ImageError
from restoration.inference.card import card_for, presets
from restoration.photo.sample_photos import sample
from restoration.ui.restore.feature_map_view import (
    BASELINE,
    FEATURE_MAPS,
    GAP,
    MAPS_A_ROW,
    describe_activation,
    mosaic,
)


@pytest.fixture(scope="module", params=presets("denoise"))
def network(request):
    return feature_maps.load_network(card_for("denoise", request.param))


def piece(height=61, width=70):
    return sample("Cat").pixels[60 : 60 + height, 100 : 100 + width]


def test_the_way_leads_down_to_the_code_and_up_to_the_picture(network):
    batch = feature_maps.to_batch(network, piece(), (0.0, 0.0))
    levels = feature_maps.by_resolution(network, batch)
    heights = [level.maps.shape[0] for level in levels]
    code = heights.index(min(heights))
    assert [level.part for level in levels] == ["encoder"] * code + ["code"] + ["decoder"] * (len(levels) - code - 1)
    assert heights[: code + 1] == sorted(heights[: code + 1], reverse=True)
    assert heights[code:] == sorted(heights[code:])
    whole = keras.ops.convert_to_numpy(network(batch, training=False))[0]
    np.testing.assert_allclose(levels[-1].maps, whole, atol=1e-5)


def test_the_arithmetic_comes_to_the_number_in_the_map(network):
    batch = feature_maps.to_batch(network, piece(), (20 / 255, 1.0))
    layer = feature_maps.first_convolution(network)
    height, width, count = feature_maps.map_shape(network, batch, layer)
    maps = keras.ops.convert_to_numpy(keras.Model(network.input, network.get_layer(layer).output)(batch))[0]
    assert maps.shape == (height, width, count)
    for row, column, channel in [(0, 0, 0), (7, 11, 3), (height - 1, width - 1, count - 1)]:
        found = feature_maps.arithmetic(network, batch, layer, (row, column), channel)
        assert found.total == pytest.approx(found.products.sum() + found.bias, abs=1e-5)
        assert found.value == pytest.approx(maps[row, column, channel], abs=1e-5)


def test_a_kernel_that_adds_up_and_a_bias_give_the_sum():
    given = keras.Input((None, None, 1))
    layer = keras.layers.Conv2D(1, 3, padding="same", activation="relu", name="sum")
    network = keras.Model(given, layer(given))
    layer.set_weights([np.ones((3, 3, 1, 1)), np.array([-10.0])])
    batch = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    corner = feature_maps.arithmetic(network, batch, "sum", (0, 0), 0)
    assert corner.patch[..., 0].tolist() == [[0, 0, 0], [0, 0, 1], [0, 4, 5]]
    assert (corner.total, corner.value) == (0.0, 0.0)
    middle = feature_maps.arithmetic(network, batch, "sum", (1, 1), 0)
    assert middle.value == sum([0, 1, 2, 4, 5, 6, 8, 9, 10]) - 10


def test_a_dense_code_is_found_and_one_size_is_kept():
    given = keras.Input((16, 16, 1))
    features = keras.layers.Conv2D(4, 3, 2, padding="same", name="down")(given)
    code = keras.layers.Dense(6, name="narrow")(keras.layers.Flatten()(features))
    features = keras.layers.Reshape((8, 8, 2))(keras.layers.Dense(128)(code))
    network = keras.Model(given, keras.layers.Conv2DTranspose(3, 4, 2, padding="same", name="up")(features))
    batch = feature_maps.to_batch(network, piece())
    assert batch.shape == (1, 16, 16, 1)
    levels = feature_maps.by_resolution(network, batch)
    assert [(level.layer, level.part, level.maps.shape) for level in levels][1] == ("narrow", "code", (1, 1, 6))
    assert levels[-1].layer == "up"


def test_a_gray_picture_fits_and_a_wrong_number_of_channels_is_a_sentence(network):
    assert feature_maps.to_batch(network, piece()[..., :1], (0.0, 0.0)).shape == (1, 64, 72, 5)
    with pytest.raises(ImageError, match="channels"):
        feature_maps.to_batch(network, piece(), (0.0, 0.0, 0.0))


def test_a_sum_that_no_activation_changes_stays():
    empty = np.zeros((3, 3, 1))
    total = -0.06812345678
    assert (
        describe_activation(feature_maps.Arithmetic(empty, empty, empty, 0, total, float(np.float32(total))))
        == "which stays"
    )
    assert describe_activation(feature_maps.Arithmetic(empty, empty, empty, 0, total, 0.0)).endswith("makes **0.000**")


def test_the_mosaic_shows_the_maps_that_vary_most():
    maps = np.zeros((128, 128, 20), np.float32)
    maps[:64, :, 7] = 5
    drawn = mosaic(maps)
    assert drawn.shape == (2 * 128 + GAP, MAPS_A_ROW * 128 + (MAPS_A_ROW - 1) * GAP, 3)
    tiles = [drawn[row : row + 128, column : column + 128] for row in (0, 132) for column in range(0, 528, 132)]
    assert sum(tile.std(axis=(0, 1)).max() > 0.1 for tile in tiles) == 1  # only one of them has anything to show
    assert mosaic(np.random.default_rng(0).random((1, 1, 100), np.float32)).shape[-1] == 3


@pytest.mark.parametrize(
    ("task", "preset", "key"),
    [("denoise", "best", "closer"), ("colorize", "best", "color-closer"), ("upscale", "faithful", "upscale_closer")],
)
def test_the_page_shows_both_networks_and_one_sum(repo, task, preset, key):
    app = AppTest.from_file(repo / "streamlit_app.py", default_timeout=300)
    app.switch_page(f"pages/{task}.py")
    app.query_params[key] = FEATURE_MAPS
    app.run()
    assert not app.exception
    assert not app.error
    texts = [text.value for text in app.markdown]
    for shown in (preset, BASELINE):
        assert f"**{card_for(task, shown).name}**" in texts
    assert sum(text.startswith("**Code**") for text in texts) == 2
    (result,) = (text for text in texts if "the number in the map" in text)
    app.number_input(key="inside-map").set_value(5).run()
    assert not app.exception
    assert result not in [text.value for text in app.markdown]
