// Holds a token in the storage of this tab, and the latest one of all tabs in the browser's, where a tab that is opened
// fresh finds it. Tells a new session of the one that it finds. browser_token.py mounts it.

const NAME = "latent-darkroom-photo";
let asked = null; // the session that was told

export default function ({ data, setTriggerValue }) {
  try {
    const own = sessionStorage.getItem(NAME);
    if (asked !== data.session) {
      asked = data.session;
      const token = own ?? localStorage.getItem(NAME);
      if (token && data.token === null) return void setTriggerValue("found", { token, own: own !== null });
    }
    if (data.token) {
      for (const storage of [sessionStorage, localStorage]) storage.setItem(NAME, data.token);
    } else if (data.token === "") {
      if (localStorage.getItem(NAME) === own) localStorage.removeItem(NAME);
      sessionStorage.removeItem(NAME);
    }
  } catch { /* a browser that allows no storage keeps nothing */ }
}
