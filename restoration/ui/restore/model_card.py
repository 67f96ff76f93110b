"""The model card of a network."""

import plotly.graph_objects as go
import streamlit as st

from restoration.inference import runtime
from restoration.inference.card import Card
from restoration.ui.components.plane import COLOURS
from restoration.ui.glossary import explain
from restoration.ui.plot_style import CONFIG, dress


def show_model_card(card: Card) -> None:
    """Show what its card says about a network."""
    noise = card.task == "denoise"
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{card.name}**")
        st.markdown(
            f"A convolutional autoencoder of {card.parameters / 1e6:.1f} million parameters "
            f"({card.bytes / 1e6:.1f} MB), {card.gflop_per_megapixel:.0f} GFLOP per megapixel."
        )
        st.markdown(f"**Where it fails.** {card.limits}")
        st.markdown(
            f"**Trained on** {card.trained['data']}: {card.trained['megapixels']:.0f} megapixels of patches in "
            f"{card.trained['steps']} steps and {card.trained['hours']:g} hours ({card.trained['machine']})."
            f"{card.went_on_from()} {'Noise' if noise else 'Degradation'}: {card.trained['degradation']}."
        )
        st.caption(f"Licences: {card.trained['licence']}. {card.repetition}")
    with right:
        measured = f"**Measured**{', white Gaussian noise, mean PSNR in dB' if noise else ''}"
        st.markdown(measured, help=explain(measured))
        rows = [
            {"pictures": name, **({"sigma": int(of)} if noise else {"measure": of}), "before": before, "after": after}
            for name, measures in card.tested.items()
            for of, (before, after) in measures.items()
        ]
        if card.task == "repair":
            st.caption("Before: the best classical method on the same pictures.")
        st.dataframe(rows, hide_index=True, width="stretch")
        if learned := card.learned():
            st.markdown("**While it learned**, PSNR in dB on photographs that were held back")
            figure = _curve(learned)
            key = f"plot-learned-{card.name}"
            st.plotly_chart(figure, key=key, config=CONFIG, width="stretch", alt="PSNR while it learned")
        if card.name in runtime.loaded:
            st.caption(f"Run by {runtime.loaded[card.name]}.")
        st.caption(f"sha256 of the weights, verified before loading: {card.sha256[:16]}...")


def _curve(learned):
    steps, scores = zip(*learned, strict=True)
    figure = go.Figure(go.Scatter(x=steps, y=scores, mode="lines+markers", line={"color": COLOURS[0]}))
    figure.update_xaxes(title_text="steps", showgrid=False)
    return dress(figure, 220)
