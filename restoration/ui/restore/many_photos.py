"""What the page *Many photographs* is made of: its uploads, the list, the chosen photograph, progress and folders."""

from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from restoration.batch.background import BackgroundBatch, PhotoRow
from restoration.batch.restore_file import OutputOptions, shortened
from restoration.image.resample import resize
from restoration.photo import Photo, PhotoError
from restoration.photo.header import megapixels_of
from restoration.pipeline import Pipeline
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.photo_list import PhotoListRow, photo_list, thumbnail_url
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import show_error
from restoration.ui.memory_queue import SMALL_BYTES, memory_queue
from restoration.ui.progress import format_duration
from restoration.ui.restore.bench import choose_steps
from restoration.ui.restore.dropped_photos import (
    BYTES_PER_MEGAPIXEL,
    NAME,
    DroppedPhotos,
    visitor_is_here,
    wait_for_room,
)
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import COPIES, MOST_MEGAPIXELS, max_megapixels

POLL_SECONDS = 1.0
VIEWER_HEIGHT = 400  # in CSS pixels
EACH, SAME = "Each gets what it needs", "The same steps for all"
BOX, FOLDERS, CHOSEN = "dropped photos", "photo folders", "chosen photo"  # in the session


def dropped() -> DroppedPhotos | None:
    """Return the visitor's dropped photographs."""
    return st.session_state.get(BOX)


def take_uploads(key: str) -> None:
    """Move the files of an uploader to the disk, and let Streamlit's memory have no more of them.

    Parameters
    ----------
    key : str
        Of the uploader, a new one after each round: see `uploader_key`.
    """
    uploads = [upload for upload in st.session_state.get(key) or [] if isinstance(upload, UploadedFile)]
    if not uploads:
        return
    if BOX not in st.session_state:
        st.session_state[BOX] = DroppedPhotos(max_megapixels())
    st.session_state[BOX].take(uploads)
    st.session_state["upload round"] = st.session_state.get("upload round", 0) + 1
    context = get_script_run_ctx()
    manager = context and context.uploaded_file_mgr
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        for upload in uploads:
            manager.remove_file(context.session_id, upload.file_id)


def uploader_key(name: str) -> str:
    """Return the key of an uploader: it is emptied by being another one next time."""
    return f"{name}-{st.session_state.get('upload round', 0)}"


def start_over() -> None:
    """Let go of the dropped photographs and their results."""
    box = st.session_state.pop(BOX, None)
    if box is not None:
        box.close()
    st.session_state.pop(CHOSEN, None)


def choose_pipeline() -> Pipeline | None:
    """Show what shall be done to all; None where each photograph gets what it needs."""
    mode = st.segmented_control("What shall be done", [EACH, SAME], default=EACH, required=True, key="many-mode")
    return None if mode == EACH else choose_steps("many", Pipeline.parse("denoise; tone"), linked=False)


def follow(photos: BackgroundBatch, key: str, drawn: tuple[bool, object]) -> None:
    """Show the list and how far it is, again and again while something runs.

    Parameters
    ----------
    photos
    key
        Of the list, unique in the page.
    drawn
        What `drawn_state` was before the rest of the page was drawn; the page runs again once it is another.
    """

    @st.fragment(run_every=POLL_SECONDS if drawn[0] else None)
    def again() -> None:
        now = drawn_state(photos)
        _show_list(photos, key)
        _show_state(photos)
        if now != drawn:
            st.rerun()

    again()


def drawn_state(photos: BackgroundBatch) -> tuple[bool, object]:
    """Return all that the page outside of the list depends on; whether something runs comes first."""
    row, some = chosen_row(photos), any(row.target for row in list(photos.rows.values()))
    return photos.state.running, (some, row and (row.path, row.state, row.found, row.target))


def chosen_row(photos: BackgroundBatch) -> PhotoRow | None:
    """Return the row that was chosen, the first one where none was."""
    rows = dict(photos.rows)
    return rows.get(Path(st.session_state.get(CHOSEN, ""))) or next(iter(rows.values()), None)


def _show_list(photos: BackgroundBatch, key: str) -> None:
    chosen = chosen_row(photos)
    state = photos.state
    rows = [_list_row(row, number, key, state.share) for number, row in enumerate(list(photos.rows.values()))]
    photo_list(
        rows,
        key=key,
        label="Photographs",
        chosen=str(chosen.path) if chosen else "",
        on_choose=lambda path: st.session_state.update({CHOSEN: path}),
    )


def _list_row(row: PhotoRow, number: int, key: str, share: float) -> PhotoListRow:
    found = None if row.found is None else ", ".join(row.found) or "Nothing was found"
    done = ", ".join(row.done)
    words = {"failed": row.message, "done": done[:1].upper() + done[1:] or "Unchanged: it needs nothing"}
    side = {
        "done": format_duration(row.seconds) if row.done and row.seconds else "",
        "failed": "Failed",
        "in work": f"{100 * share:.0f} %",
        "saving": "Saving",
    }
    return PhotoListRow(
        str(row.path),
        row.path.name,
        thumbnail_url(row.before, key=f"{key}-{number}-before"),
        thumbnail_url(row.after, key=f"{key}-{number}-after"),
        words.get(row.state) or found or "",
        row.state,
        side.get(row.state, ""),
        share if row.state == "in work" else 0.0,
    )


def _show_state(photos: BackgroundBatch) -> None:
    state = photos.state
    if state.problem:
        show_error(state.problem)
    if state.running:
        share = (state.finished + state.share) / max(state.total, 1)
        left = f", about {format_duration(state.seconds_left)} left" if state.seconds_left else ""
        text = f"{state.doing} {min(state.finished + 1, state.total)} of {state.total}{left}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(share, 1.0), text)
            if state.doing == "Restoring":
                st.button("Cancel", on_click=photos.stop, icon=":material/close:", key="cancel-many")
    elif state.summary is not None:
        told = next(state.summary.lines())
        st.caption(f"{told[:1].upper()}{told[1:]}")


def show_chosen(photos: BackgroundBatch, pipeline: Pipeline | None) -> None:
    """Show the chosen photograph before and after, what was found, and its own steps."""
    row = chosen_row(photos)
    if row is None:
        return
    if row.state == "failed":
        show_error(f"{row.path.name}: {row.message}")
        return
    try:
        _show_viewer(photos, row)
    except PhotoError as error:
        show_error(error)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        found = "Not looked at yet" if row.found is None else " · ".join(row.found) or "Nothing was found"
        st.markdown(f"**{row.path.name}**: {found}", width="stretch")
        with st.popover("Its steps"):
            _choose_own_steps(photos, row, pipeline)


def _show_viewer(photos: BackgroundBatch, row: PhotoRow) -> None:
    source, target = photos.source / row.path, row.target if row.state == "done" else None
    limit = photos.options.max_megapixels
    after, size = _open_png(target, None, MOST_MEGAPIXELS) if target else (None, None)
    before, _ = _open_png(source, size, limit)
    viewer(
        before,
        after or before,
        key="many-viewer",
        labels=("before", "after") if after else ("as it came", "as it came"),
        height=VIEWER_HEIGHT,
        alt=f"{row.path.name}, before and after" if after else row.path.name,
    )


def _open_png(path: Path, size: tuple[int, int] | None, limit: float) -> tuple[bytes, tuple[int, int]]:
    """Return a photograph as PNG, enlarged where a size is given, and its size; it is kept while there is memory."""

    def make() -> tuple[bytes, tuple[int, int]]:
        needed = round(COPIES * megapixels_of(path) * BYTES_PER_MEGAPIXEL)
        if needed > COPIES * SMALL_BYTES:
            memory_queue.enter(needed, lambda ahead: None)
        photo = Photo.open(path, max_megapixels=limit)
        pixels = composite_over_gray(photo.pixels, photo.alpha)
        if size and pixels.shape[:2] != size:
            pixels = np.clip(resize(pixels, *size), 0, 1)
        return encode_png(pixels), pixels.shape[:2]

    try:
        key = ("many", str(path), path.stat().st_mtime_ns, size)
    except OSError as error:
        raise PhotoError(f"{path.name} is gone: {error.strerror}.") from error
    png: tuple[bytes, tuple[int, int]] = session_cache().get_or_compute("png", key, make, lambda made: len(made[0]))
    return png


def _choose_own_steps(photos: BackgroundBatch, row: PhotoRow, pipeline: Pipeline | None) -> None:
    usual = pipeline if pipeline is not None else row.proposed or Pipeline()
    own = choose_steps(f"own-{row.path}", row.own or usual, linked=False)
    with st.container(horizontal=True):
        st.button(
            "Restore with these",
            on_click=_restore_own,
            args=(photos, row.path, own, pipeline),
            disabled=photos.state.running and photos.state.doing == "Restoring",
            key="restore-own",
        )
        if row.own is not None:
            st.button("As all others", on_click=photos.choose, args=(row.path, None), key="forget-own")


def _restore_own(photos: BackgroundBatch, path: Path, own: Pipeline, pipeline: Pipeline | None) -> None:
    photos.choose(path, own)
    photos.restore(pipeline)


def show_folder_form() -> None:
    """Show the way from a folder of this computer into another one, by the command line's ledger."""
    with st.expander("From a folder on this computer into another", icon=":material/folder:"):
        source = st.text_input("Folder with the photographs", key="folder-in", persist_state="session")
        target = st.text_input("Folder for the results", key="folder-out", persist_state="session")
        st.caption(
            "Folders below it are kept, and nothing is uploaded. What is done already is not done again, "
            "as by `latent-darkroom batch` with these folders."
        )
        pipeline = choose_pipeline()
        st.button(
            "Restore the folder",
            on_click=_restore_folder,
            args=(source, target, pipeline),
            disabled=not (source and target),
            key="restore-folder",
        )


def _restore_folder(source: str, target: str, pipeline: Pipeline | None) -> None:
    photos = BackgroundBatch(
        Path(source).expanduser(),
        Path(target).expanduser(),
        options=OutputOptions(max_megapixels=max_megapixels()),
        name=NAME,
        before_each=wait_for_room,
        is_wanted=visitor_is_here(),
    )
    st.session_state[FOLDERS] = photos
    photos.restore(pipeline)


def leave_folder() -> None:
    """Stop the work on a folder and let go of it; what is done stays there."""
    photos = st.session_state.pop(FOLDERS)
    photos.stop()
    st.session_state.pop(CHOSEN, None)


def show_folder(photos: BackgroundBatch) -> None:
    """Show the work on a folder of this computer."""
    drawn = drawn_state(photos)
    listed, compared = st.columns([1, 1.25], gap="medium")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The results are in {shortened(str(photos.target))}.", width="content")
        st.button("Go on", on_click=photos.restore, args=(photos.pipeline,), disabled=drawn[0])
        st.button("Another folder", on_click=leave_folder)
    with compared:
        show_chosen(photos, photos.pipeline)
    with listed:
        follow(photos, "folder-list", drawn)
