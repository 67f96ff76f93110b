"""From a card to its network in Keras. Whoever only restores pictures never comes here."""

import os


def build(card, precision="float32"):
    """Return the card's network (keras.Model) with random weights, computing in a precision."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on processors are not for our users
    import keras

    from restoration import networks
    from restoration.inference import hardware

    hardware.spare_loaded()
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        return networks.BUILDERS[card.builder](**card.config)
    finally:
        keras.config.set_dtype_policy(before)


def trained(card, weights, precision="float32"):
    """Return the card's network (keras.Model) with its weights."""
    network = build(card, precision)
    network.load_weights(weights)
    return network
