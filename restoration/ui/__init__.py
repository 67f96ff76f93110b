"""What the pages share. Only this folder and `pages/` import Streamlit."""
