"""Images as files of few bytes: the code of an autoencoder, rounded and entropy-coded."""
