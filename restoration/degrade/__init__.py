"""What spoils an image: noise, a camera, a low resolution. Functions of the image and a seed."""
