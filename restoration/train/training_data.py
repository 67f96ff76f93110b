"""The photographs that networks learned from, as their cards name them, and how today's differ."""

PHOTOGRAPHS = "BSDS500 (train and test parts), free wallpapers, NIPS 2017 adversarial development set"
BSDS500_THRICE = (
    "BSDS500 (train and test parts, three times as often as the rest), free wallpapers, NIPS 2017 adversarial "
    "development set"
)
PHOTOGRAPHS_LICENCE = "BSDS500: research use; wallpapers: CC0, CC-BY, CC-BY-SA or GPL by file; NIPS 2017: CC-BY 2.0"
COLOR_PHOTOGRAPHS = (
    "BSDS500, wallpapers, NIPS 2017, ImageNet, Caltech-101, scenes, pets, flowers, clothing, groceries, streets"
)
COLOR_LICENCE = (
    "ImageNet, Caltech-101, Kaggle sets: research use; NIPS 2017: CC-BY 2.0; wallpapers by file; encoder: Apache-2.0"
)
SET5_WOMAN = "A photograph of BSDS500 (302003), left out today, was among the rest; reduced it is an image of Set5."
BY_PLACE = "Every hundredth photograph in the order of names was held back, not by a hash of the content."
BY_NAME = "One photograph in a hundred was held back by a checksum of its name, not by a hash of the content."
