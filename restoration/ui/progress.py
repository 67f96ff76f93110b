"""Long work on a page: place in the queue, progress, an estimate, and a cancel within one tile."""

import time

from restoration.inference.turn_queue import inference

FAILURES = (ValueError, MemoryError, RuntimeError)  # what a run may end with, each with its sentence


class Work:
    """Progress of one run, shown in a place of the page.

    Streamlit stops a script that is not wanted any more at its next ``st`` call. Each tile makes one, so a moved
    slider, a closed page or the cancel button end the run within a tile.

    Parameters
    ----------
    place : streamlit container
        Made with ``st.empty()``.
    what : str
        What is being done: "Denoising 24.0 megapixels".
    expected : float, optional
        Seconds that it is likely to take, shown until the first tile tells better.
    """

    def __init__(self, place, what, expected=None):
        self.place, self.what, self.expected = place, what, expected
        self.began = None

    def waiting(self, place):
        """Show how many are ahead in the queue."""
        self.place.progress(0.0, f"{self.what}: waiting, {place} ahead in the queue")

    def progress(self, done, total):
        """Show the share that is done and the time that is left, from the speed so far."""
        now = time.perf_counter()
        if self.began is None:
            self.began = now
        text = self.what
        if done == 0 and self.expected:
            text += f": about {spoken(self.expected)}"
        elif 0 < done < total:
            text += f": about {spoken((now - self.began) / done * (total - done))} left"
        self.place.progress(done / total, text)

    def run(self, function):
        """Wait for the turn, call ``function(progress)``, then clear the place.

        Returns
        -------
        result : object
            What the function returned.
        seconds : float
            Since its first report of progress: without the queue, and without the loading of a network.
        """
        with inference.mine(self.waiting):
            result = function(self.progress)
            seconds = time.perf_counter() - self.began
        self.place.empty()
        return result, seconds


def spoken(seconds):
    """Say a duration as a person would.

    Examples
    --------
    >>> spoken(0.01), spoken(0.42), spoken(7.6), spoken(150)
    ('under 0.1 s', '0.4 s', '8 s', '2 min 30 s')
    """
    if seconds < 0.05:
        return "under 0.1 s"
    if seconds < 2:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
