"""What the pages are made of. Only this folder and `pages/` know Streamlit."""
