"""`clean-graphics`: what denoisers leave of drawn images without noise: text, line art, diagrams, screens, and others.

Everything is drawn with fixed seeds and the font inside Pillow, so the figures are the same on every machine.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from restoration.benchmark.network_choice import Denoiser, add_network_arguments, denoising_networks
from restoration.degrade.noise import add_noise
from restoration.image import metrics
from restoration.image.types import Image
from restoration.tasks.baselines import nlm_opencv

HEIGHT, WIDTH = 192, 256
MAX_PSNR = 99.0  # in dB, where an image comes back as it was
TEXT_SIGMA = 25 / 255
WORDS = (
    *("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "0123456789", "zebras", "play"),
    *("(7", "+", "8)", "*", "3.14", "=", "47.1,", "sure?"),
)


@dataclass(frozen=True)
class GraphicsScore:
    """One network on one kind of graphics.

    Parameters
    ----------
    kind, network : str
    blind, sigma_zero : float
        PSNR in dB of the result against the image itself, no sigma given, and sigma given as 0; at most `MAX_PSNR`.
    """

    kind: str
    network: str
    blind: float
    sigma_zero: float


def _page(color="white"):
    page = PillowImage.new("RGB", (WIDTH, HEIGHT), color)
    return page, ImageDraw.Draw(page)


def _write(draw, generator, box, size, ink):
    """Fill a box (left, top, right, bottom) with words of the font inside Pillow."""
    left, top, right, bottom = box
    font = ImageFont.load_default(size)
    while top + size <= bottom:
        line = " ".join(generator.permutation(WORDS)[:12])
        while line and draw.textlength(line, font) > right - left:
            line = line[:-1]
        draw.text((left, top), line, ink, font)
        top += round(1.3 * size)


def draw_text(ink: str = "black", paper: str = "white") -> Image:
    """Draw lines of letters and digits of 9 to 14 pixels."""
    page, draw = _page(paper)
    generator = np.random.default_rng(0)
    for number, size in enumerate((9, 10, 12, 14)):
        _write(draw, generator, (6, 6 + 46 * number, WIDTH - 6, 50 + 46 * number), size, ink)
    return _image(page)


def draw_line_art() -> Image:
    """Draw thin lines, circles, curves and hatching, black on white."""
    page, generator = np.full((HEIGHT, WIDTH, 3), 255, np.uint8), np.random.default_rng(1)
    for column in range(0, 60, 5):
        cv2.line(page, (column, 0), (column + 40, 60), (0, 0, 0), 1, cv2.LINE_AA)
    for number in range(14):
        start, end = (tuple(map(int, generator.integers(0, (WIDTH, HEIGHT)))) for _ in range(2))
        if number % 2:
            cv2.circle(page, start, int(generator.integers(4, 50)), (0, 0, 0), 1, cv2.LINE_AA)
        else:
            cv2.line(page, start, end, (0, 0, 0), 1 + number % 3, cv2.LINE_AA)
        curve = np.cumsum(generator.normal(0, 8, (12, 2)), axis=0) + start
        cv2.polylines(page, [np.rint(curve).astype(np.int32)], False, (0, 0, 0), 1, cv2.LINE_AA)
    return _as_float(page)


def draw_diagram() -> Image:
    """Draw coloured boxes with labels, arrows between them, and a bar chart."""
    page, draw = _page()
    font = ImageFont.load_default(11)
    for number, (name, color) in enumerate((("input", "#dbe9f6"), ("encode", "#fde0c5"), ("decode", "#d9f0d3"))):
        left = 10 + 84 * number
        draw.rectangle((left, 14, left + 60, 50), fill=color, outline="black")
        draw.text((left + 12, 25), name, "black", font)
        if number:
            draw.line((left - 24, 32, left - 2, 32), "black")
            draw.polygon([(left - 2, 32), (left - 8, 29), (left - 8, 35)], "black")
    draw.line((20, 70, 20, 180, 240, 180), "black")
    for number, height in enumerate((34, 80, 55, 97, 12, 63)):
        left = 32 + 34 * number
        draw.rectangle((left, 180 - height, left + 20, 180), fill=("#0072B2", "#D55E00", "#009E73")[number % 3])
        draw.text((left + 3, 166 - height), str(height), "#444", ImageFont.load_default(10))
    return _image(page)


def draw_screenshot() -> Image:
    """Draw windows with title bars, buttons, a list and small text, dark and light."""
    page, draw = _page("#3b6ea5")
    generator = np.random.default_rng(2)
    windows = (((8, 8, 150, 130), "#f5f5f5", "#222"), ((100, 60, 250, 184), "#1e1e1e", "#d4d4d4"))
    for (left, top, right, bottom), paper, ink in windows:
        draw.rectangle((left, top, right, bottom), fill=paper, outline="#777")
        draw.rectangle((left + 1, top + 1, right - 1, top + 15), fill="#c8c8c8" if paper[1] == "f" else "#333")
        for number, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
            draw.ellipse((left + 5 + 11 * number, top + 5, left + 11 + 11 * number, top + 11), fill=color)
        _write(draw, generator, (left + 6, top + 20, right - 6, bottom - 24), 10, ink)
        draw.rounded_rectangle((right - 48, bottom - 20, right - 6, bottom - 5), 3, fill="#0a64d8")
        draw.text((right - 36, bottom - 19), "Save", "white", ImageFont.load_default(10))
    return _image(page)


def draw_smooth_gradient() -> Image:
    """Draw a blend of four colours, rounded to 8 bits."""
    return _gradient(255)


def draw_stepped_gradient() -> Image:
    """Draw the same blend in 16 steps."""
    return _gradient(16)


def _gradient(steps):
    corners = np.array([[[20, 30, 80], [240, 200, 120]], [[90, 160, 200], [250, 250, 250]]], np.float32) / 255
    blend = cv2.resize(corners, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return _as_float(np.rint(np.rint(blend * steps) / steps * 255))


def draw_star_field() -> Image:
    """Draw stars of one to three pixels, faint and bright, on black."""
    generator = np.random.default_rng(3)
    sky = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for row, column in generator.integers(0, (HEIGHT, WIDTH), (240, 2)):
        side = int(generator.choice([1, 1, 1, 2, 3]))
        sky[row : row + side, column : column + side] = generator.uniform(0.3, 1) * generator.uniform(0.8, 1, 3)
    return _as_float(np.rint(sky * 255))


GRAPHICS: dict[str, Callable[[], Image]] = {
    "text, 9 to 14 pixels": draw_text,
    "text, white on black": lambda: draw_text("white", "black"),
    "line art": draw_line_art,
    "diagram": draw_diagram,
    "screenshot": draw_screenshot,
    "smooth gradient": draw_smooth_gradient,
    "stepped gradient": draw_stepped_gradient,
    "star field": draw_star_field,
}


def _image(page):
    return _as_float(np.asarray(page))


def _as_float(values_255):
    return values_255.astype(np.float32) / np.float32(255)


def benchmark_clean_graphics(denoisers: Mapping[str, Denoiser]) -> Iterator[GraphicsScore]:
    """Measure how much denoisers change graphics without noise; yields a GraphicsScore a kind and network."""
    for kind, draw in GRAPHICS.items():
        clean = draw()
        for name, denoise in denoisers.items():
            blind, given = (min(MAX_PSNR, metrics.psnr(denoise(clean, sigma), clean)) for sigma in (None, 0.0))
            yield GraphicsScore(kind, name, float(blind), float(given))


def noisy_text_psnr(denoisers: Mapping[str, Denoiser]) -> dict[str, float]:
    """Return {method: PSNR in dB} on text with white noise of sigma 25: the denoisers, blind, and NLM, sigma given."""
    clean = draw_text()
    noisy = add_noise(clean, level=TEXT_SIGMA, seed=0)
    restored = {"nothing": noisy, "NLM (OpenCV), sigma given": nlm_opencv(noisy, TEXT_SIGMA)}
    restored |= {name: denoise(noisy, None) for name, denoise in denoisers.items()}
    return {name: float(metrics.psnr(image, clean)) for name, image in restored.items()}


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("clean-graphics", help="denoisers on text, line art and other images without noise")
    add_network_arguments(parser)
    parser.add_argument("--json", type=Path, help="write the scores here too")
    parser.add_argument("--pictures", type=Path, help="folder to write the drawings and results to, as PNG")
    parser.set_defaults(run=_run)


def _run(chosen):
    denoisers, scores = denoising_networks(chosen.networks), []
    print(f"{'PSNR in dB against the clean image':36} {'network':24} {'blind':>7} {'sigma 0':>8}")
    for score in benchmark_clean_graphics(denoisers):
        print(f"{score.kind:36} {score.network:24} {score.blind:7.2f} {score.sigma_zero:8.2f}", flush=True)
        scores.append(score)
    noisy = noisy_text_psnr(denoisers)
    print("text, sigma 25: " + "; ".join(f"{name} {psnr:.2f}" for name, psnr in noisy.items()))
    if chosen.pictures:
        _write_pictures(chosen.pictures, denoisers)
    if chosen.json:
        report = {"scores": [asdict(score) for score in scores], "noisy text": noisy}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")


def _write_pictures(folder, denoisers):
    """Write each drawing beside what the denoisers, blind, make of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, draw in GRAPHICS.items():
        clean = draw()
        beside = np.concatenate([clean, *(denoise(clean, None) for denoise in denoisers.values())], axis=1)
        PillowImage.fromarray(np.uint8(np.rint(beside * 255))).save(folder / f"{kind.replace(' ', '-')}.png")
