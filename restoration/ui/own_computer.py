"""Whether the visitor sits at the computer that the app runs on."""

import streamlit as st

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def is_own_computer() -> bool:
    """Tell whether the app answers to this computer alone, so that its folders are the visitor's own.

    Where the app is served to others, it listens on another address or answers to another host's name
    (docs/serving.md), or a proxy says so in its headers.
    """
    address = st.get_option("server.address") or ""
    hosts = st.get_option("server.allowedHosts") or [""]
    if address not in LOCAL_NAMES or any(host not in LOCAL_NAMES for host in hosts):
        return False
    headers = {name.lower() for name in st.context.headers}
    # Streamlit says None where the visitor's address is this computer's.
    return not headers & set(PROXY_HEADERS) and st.context.ip_address in (None, *LOCAL_NAMES)
