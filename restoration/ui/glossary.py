"""Terms of the field, each explained in one plain sentence where a visitor meets it."""

TERMS = {
    "PSNR": "**PSNR**: how near a picture is to the true one, in decibels (dB); higher is nearer.",
    "SSIM": "**SSIM**: how like the true one its edges and textures are, where 1 is the same.",
    "of 255": "**Of 255**: how far noise usually takes a pixel off (its sigma), where 0 is black and 255 white.",
    "uncertain": "**Uncertain**: so much of the picture may in truth have quite another colour.",
}


def explain(text: str) -> str | None:
    """Return the explanation of each term in a text as Markdown, for the `help` of the element that shows it.

    None where the text has no such term.

    Examples
    --------
    >>> explain("SSIM 0.91, 23 % of the area uncertain").count("**")
    4
    >>> explain("JPEG quality")
    """
    return "\n\n".join([sentence for term, sentence in TERMS.items() if term in text]) or None
