"""Functions of images, ndarrays (H, W, C) float32 in [0, 1]: checks, colour spaces, resampling, metrics."""
