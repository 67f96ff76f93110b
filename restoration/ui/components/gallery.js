// Rows of small pictures; gallery.py mounts it. Elements are kept and filled anew, so that nothing flickers or moves.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".gallery");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.alt);
  root.style.setProperty("--columns", data.columns);
  root.style.setProperty("--tile", `${data.tile}px`);
  resize(root, data.rows.length, () => {
    const row = element("div", "row");
    row.append(element("p", "label"), element("div", "tiles"));
    return row;
  });
  data.rows.forEach((row, i) => fill(root.children[i], row, data));
}

function fill(place, row, { marked }) {
  const [label, tiles] = place.children;
  place.className = `row ${row.tint}`;
  label.textContent = row.label;
  label.hidden = !row.label;
  resize(tiles, row.pictures.length, () => {
    const figure = element("figure", "");
    figure.append(element("img", ""), element("figcaption", ""));
    return figure;
  });
  row.pictures.forEach((source, i) => {
    const [picture, caption] = tiles.children[i].children;
    const text = row.captions[i] ?? "";
    tiles.children[i].classList.toggle("marked", i === marked);
    if (picture.src !== source) picture.src = source;
    picture.alt = [row.label, text].filter(Boolean).join(", ") || `picture ${i + 1}`;
    caption.textContent = text;
    caption.hidden = !text;
  });
}

function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
