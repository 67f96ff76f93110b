// A list of photographs to choose one from; photo_list.py mounts it. Rows are reused, so nothing flickers or moves.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".photo-list");
  root.setAttribute("aria-label", data.label);
  while (root.children.length > data.rows.length) root.lastChild.remove();
  while (root.children.length < data.rows.length) root.append(makeRow());
  data.rows.forEach((row, i) => {
    const button = root.children[i];
    fill(button, row, row.id === data.chosen);
    button.onclick = () => setTriggerValue("picked", row.id);
  });
}

function makeRow() {
  const button = element("button", "");
  button.type = "button";
  const words = element("span", "text");
  words.append(element("span", "name"), element("span", "words"));
  button.append(element("span", "pictures"), words, element("span", "side"), element("span", "bar"));
  return button;
}

function fill(button, row, isChosen) {
  const [pictures, text, side, bar] = button.children;
  button.className = `row ${row.state.replace(" ", "-")}`;
  button.setAttribute("aria-pressed", isChosen);
  show(pictures, [row.before, row.after].filter(Boolean));
  text.children[0].textContent = row.name;
  text.children[1].textContent = row.words;
  side.textContent = row.side;
  bar.hidden = row.state !== "in work";
  bar.style.setProperty("--share", row.share);
}

function show(place, sources) {
  while (place.children.length > sources.length) place.lastChild.remove();
  while (place.children.length < sources.length) {
    place.append(Object.assign(element("img", ""), { alt: "", loading: "lazy", decoding: "async" }));
  }
  sources.forEach((source, i) => {
    const url = new URL(source, document.baseURI).href;
    if (place.children[i].src !== url) place.children[i].src = url;
  });
}

function element(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
