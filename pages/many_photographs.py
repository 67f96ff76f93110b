"""Many photographs: dropped together or in a folder, each gets what it needs, and all come back as one archive."""

from typing import Literal

import streamlit as st

from restoration.ui import frame
from restoration.ui.components.disk_download_button import disk_download_button
from restoration.ui.components.photo_opener import photo_opener
from restoration.ui.disk_download import offer
from restoration.ui.own_computer import is_own_computer
from restoration.ui.restore import many_photos
from restoration.ui.restore.dropped_photos import MOST_BYTES, MOST_FILES, ZIP_NAME, DroppedPhotos
from restoration.ui.upload import max_megapixels

FILES, FOLDER = "photo-files", "photo-folder"


def show_uploaders() -> None:
    """Show the button that opens photographs; the uploaders that do it are hidden behind it."""
    st.html("<style>.st-key-photo-uploaders {display: none}</style>")
    kinds: dict[str, Literal[True, "directory"]] = {FILES: True, FOLDER: "directory"}
    with st.container(key="photo-uploaders", width="content"):
        for name, kind in kinds.items():
            key = many_photos.uploader_key(name)
            with st.container(key=name):
                st.file_uploader(
                    "Open photos",
                    accept_multiple_files=kind,
                    key=key,
                    on_change=many_photos.take_uploads,
                    args=(key,),
                )
    photo_opener("Open photos", FILES, key="many-opener", several=True)


def show_invitation() -> None:
    """Show the place for the first photographs."""
    photo_opener("Drop photographs or a folder here, or press to choose", FILES, key="first-photos", large=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        photo_opener("Open a folder", FOLDER, key="folder-opener", listens=False)
        st.caption(
            f"Up to {MOST_FILES} photographs, {MOST_BYTES // 10**6} MB together, "
            f"{max_megapixels():.0f} megapixels each."
        )


def show_photos(box: DroppedPhotos) -> None:
    """Show the list, the chosen photograph beside it, and what shall be done."""
    photos = box.photos
    photos.look()
    drawn, doing = many_photos.drawn_state(photos), photos.state.doing
    for note in box.notes:
        frame.show_error(note)
    listed, compared = st.columns([1, 1.25], gap="medium")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width="content"):
            pipeline = many_photos.choose_pipeline()
        count = sum(row.state != "failed" for row in list(photos.rows.values()))
        is_restoring = drawn[0] and doing == "Restoring"
        st.button(
            "Restore 1 photo" if count == 1 else f"Restore {count} photos",
            type="primary",
            icon=":material/auto_fix_high:",
            on_click=photos.restore,
            args=(pipeline,),
            disabled=is_restoring or not count or (pipeline is not None and not pipeline.steps),
            key="restore-many",
        )
        st.button("Start over", on_click=many_photos.start_over, key="start-over")
    with compared:
        many_photos.show_chosen(photos, pipeline)
    with listed:
        many_photos.follow(photos, "dropped-list", drawn)


def show_page() -> None:
    """Show the page."""
    box, folder = many_photos.dropped(), st.session_state.get(many_photos.FOLDERS)
    with frame.page("Many photographs", "Restores a whole box of photographs, and gives them back together."):
        show_uploaders()
        address = offer(box if box and box.results else None, "many-download")
        disk_download_button(
            "Download", address, ZIP_NAME, key="many-download", disabled=box is None or not box.results
        )
    if folder is not None:
        many_photos.show_folder(folder)
    elif box is not None and box.photos.rows:
        show_photos(box)
    else:
        for note in box.notes if box else []:
            frame.show_error(note)
        show_invitation()
        if is_own_computer():
            many_photos.show_folder_form()


show_page()
