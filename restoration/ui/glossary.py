"""Words of the field, each in a plain sentence where a visitor meets it."""

WORDS = {
    "dB": "**dB**: how near a picture is to the true one (PSNR, in decibels); higher is nearer.",
    "SSIM": "**SSIM**: how like the true one its edges and textures are, where 1 is the same.",
    "of 255": "**Sigma of 255**: how far noise usually takes a pixel off, where 0 is black and 255 white.",
    "unsure": "**Unsure**: so much of the picture may in truth have quite another colour.",
}


def explained(text):
    """Explain the words of the field in a text, for the `help` of what shows it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        Markdown; None where the text has no such word.

    Examples
    --------
    >>> explained("SSIM 0.91, 23 % unsure").count("**")
    4
    >>> explained("JPEG quality")
    """
    return "\n\n".join(sentence for word, sentence in WORDS.items() if word in text) or None
