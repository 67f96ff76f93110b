"""Degradations: noise, a camera, a low resolution; functions of the image and a seed. And clean drawn images."""
