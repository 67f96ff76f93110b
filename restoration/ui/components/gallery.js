// Rows of small images; gallery.py mounts it. Elements are reused, so that nothing flickers or moves.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".gallery");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.alt);
  root.style.setProperty("--columns", data.columns);
  root.style.setProperty("--narrow-columns", data.columns > 10 ? Math.ceil(data.columns / 2) : data.columns);
  root.style.setProperty("--tile", `${data.tile}px`);
  resize(root, data.rows.length, () => {
    const row = element("div", "row");
    row.append(element("p", "label"), element("div", "tiles"));
    return row;
  });
  data.rows.forEach((row, i) => fill(root.children[i], row));
}

function fill(parent, row) {
  const [label, tiles] = parent.children;
  parent.className = `row ${row.tint}`;
  label.textContent = row.label;
  label.hidden = !row.label;
  resize(tiles, row.images.length, () => {
    const figure = element("figure", "");
    figure.append(element("img", ""), element("figcaption", ""));
    return figure;
  });
  row.images.forEach((source, i) => {
    const [image, caption] = tiles.children[i].children;
    const text = row.captions[i] ?? "";
    if (image.src !== source) image.src = source;
    image.alt = [row.label, text].filter(Boolean).join(", ") || `image ${i + 1}`;
    caption.textContent = text;
    caption.hidden = !text;
  });
}

function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
}

function element(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
