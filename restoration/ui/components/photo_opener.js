// Opens a photograph: by its button, dropped anywhere on the page, or pasted. The file goes to the page's own uploader,
// which the button stands for, so that the server's limits hold. photo_opener.py mounts it.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".opener");
  root.classList.toggle("large", data.large);
  const [label, button] = [root.querySelector(".label"), root.querySelector("button")];
  label.textContent = data.label;
  label.dataset.short = data.label.split(" ")[0];
  button.ariaLabel = data.label;
  button.onclick = () => input(data.uploader)?.click();
  root.opening?.abort(); // Streamlit calls this anew on every rerun with the same element
  if (data.large) return; // the small one, on every page, listens for both
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
    give(data.uploader, event.dataTransfer.files);
  });
  on("paste", (event) => { if (event.clipboardData?.files.length) give(data.uploader, event.clipboardData.files); });
  return () => setTimeout(() => { if (!root.isConnected) root.opening?.abort(); });
}

function input(uploader) {
  return document.querySelector(`.st-key-${uploader} input[type=file]`);
}

function give(uploader, files) {
  const [place, one] = [input(uploader), new DataTransfer()];
  if (!place || !files.length) return;
  one.items.add(files[0]);
  place.files = one.files;
  place.dispatchEvent(new Event("change", { bubbles: true }));
}
