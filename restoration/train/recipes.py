"""All recipes by the name of their network. Adding a network means adding a row to the file of its task."""

from restoration.train.colorize_recipes import COLORIZE
from restoration.train.compress_recipes import COMPRESS
from restoration.train.denoise_recipes import DENOISE
from restoration.train.explore_recipes import EXPLORE
from restoration.train.recipe import Recipe
from restoration.train.repair_recipes import REPAIR
from restoration.train.scan_recipes import SCAN
from restoration.train.upscale_recipes import UPSCALE

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (*DENOISE, *UPSCALE, *REPAIR, *COMPRESS, *SCAN, *COLORIZE, *EXPLORE)
}
