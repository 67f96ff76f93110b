// Opens photographs: by its button, dropped anywhere on the page, or pasted. The files go to the page's own uploader,
// which the button stands for, so that the server's limits hold. photo_opener.py mounts it.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".opener");
  root.classList.toggle("large", data.large);
  const [label, button] = [root.querySelector(".label"), root.querySelector("button")];
  label.textContent = data.label;
  label.dataset.short = data.listens ? data.label.split(" ")[0] : data.label;
  button.ariaLabel = data.label;
  button.onclick = () => input(data.uploader)?.click();
  root.opening?.abort(); // Streamlit calls this anew on every rerun with the same element
  if (!data.listens) return; // a small one, on every page, listens for both
  const { signal } = (root.opening = new AbortController());
  const target = root.querySelector(".target");
  const on = (type, act) => document.addEventListener(type, act, { signal });
  // Not those on the way to another uploader's own place.
  const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files")
    && !event.composedPath().some((element) => element.dataset?.testid === "stFileUploader");
  on("dragover", (event) => {
    target.hidden = !carriesFile(event);
    if (carriesFile(event)) event.preventDefault();
  });
  on("dragleave", (event) => { if (!event.relatedTarget) target.hidden = true; });
  on("drop", (event) => {
    target.hidden = true;
    if (!carriesFile(event)) return;
    event.preventDefault(); // or the browser would leave the page for the file
    if (data.several) filesOf(event.dataTransfer).then((files) => give(data.uploader, files));
    else give(data.uploader, [...event.dataTransfer.files].slice(0, 1));
  });
  on("paste", (event) => {
    const files = [...event.clipboardData?.files ?? []];
    give(data.uploader, data.several ? files : files.slice(0, 1));
  });
  return () => setTimeout(() => { if (!root.isConnected) root.opening?.abort(); });
}

function input(uploader) {
  return document.querySelector(`.st-key-${uploader} input[type=file]`);
}

function give(uploader, files) {
  const [place, given] = [input(uploader), new DataTransfer()];
  if (!place || !files.length) return;
  files.forEach((file) => given.items.add(file));
  place.files = given.files;
  place.dispatchEvent(new Event("change", { bubbles: true }));
}

// All files that were dropped, those in folders too.
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(walk))).flat() : [...transfer.files];
}

async function walk(entry) {
  if (entry.isFile) return [await new Promise((done, fail) => { entry.file(done, fail); })];
  const reader = entry.createReader(), found = [];
  for (;;) { // a folder tells a hundred at a time
    const some = await new Promise((done, fail) => { reader.readEntries(done, fail); });
    if (!some.length) return (await Promise.all(found.map(walk))).flat();
    found.push(...some);
  }
}
