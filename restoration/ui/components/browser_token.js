// Holds a token in the browser's own storage, and tells a new session of the one that it finds. browser_token.py
// mounts it.

const NAME = "latent-darkroom-photo";
let asked = null; // the session that was told

export default function ({ data, setTriggerValue }) {
  try {
    if (asked !== data.session) {
      asked = data.session;
      const found = localStorage.getItem(NAME);
      if (found && data.token === null) return void setTriggerValue("found", found);
    }
    if (data.token) localStorage.setItem(NAME, data.token);
    else if (data.token === "") localStorage.removeItem(NAME);
  } catch { /* a browser that allows no storage keeps nothing */ }
}
