// Holds a token in the storage of this tab, and the latest one of all tabs in the browser's, where a tab that is opened
// fresh finds it. Tells a new session of the one that it finds. browser_token.py mounts it.

const NAME = "latent-darkroom-photo";
let asked = null; // the session that was told
let [held, release] = [null, () => {}]; // the token whose lock this tab has, and what gives it back

export default function ({ data, setTriggerValue }) {
  update(data, setTriggerValue).catch(() => {}); // a browser that allows no storage keeps nothing
}

async function update(data, setTriggerValue) {
  const own = sessionStorage.getItem(NAME);
  if (asked !== data.session) {
    asked = data.session;
    const token = own ?? localStorage.getItem(NAME);
    if (token && data.token === null) return void setTriggerValue("found", { token, own: own !== null && await hold(own) });
  }
  if (data.token) {
    hold(data.token);
    for (const storage of [sessionStorage, localStorage]) storage.setItem(NAME, data.token);
  } else if (data.token === "") {
    hold(null);
    if (localStorage.getItem(NAME) === own) localStorage.removeItem(NAME);
    sessionStorage.removeItem(NAME);
  }
}

// Takes a token's lock in place of the one before, and tells whether no other tab has it: a duplicate of a tab begins
// with a copy of its storage. Over plain HTTP from another computer browsers have no locks; a token then counts as free.
function hold(token) {
  if (token === held) return true;
  release();
  [held, release] = [token, () => {}];
  if (!token || !navigator.locks) return true;
  return new Promise((tell) => {
    navigator.locks.request(`${NAME} ${token}`, { ifAvailable: true }, (lock) => {
      tell(lock !== null);
      return lock && new Promise((end) => { release = end; });
    });
  });
}
