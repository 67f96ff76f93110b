// Groups of bars, a measure each; bars.py mounts it.

export default function ({ data, parentElement }) {
  parentElement.querySelector(".bars").replaceChildren(...data.groups.map(drawGroup));
}

function drawGroup({ title, bars }) {
  const list = element("ul");
  list.append(...bars.map(drawBar));
  const group = element("figure");
  group.append(element("figcaption", "", title), list);
  return group;
}

function drawBar({ name, text, begin, length, colour }) {
  const track = element("div", "track");
  const bar = element("div", "bar");
  bar.style.setProperty("--begin", begin);
  bar.style.setProperty("--length", length);
  if (colour) bar.style.setProperty("--colour", colour);
  track.append(bar);
  const line = element("li");
  line.append(element("span", "name", name), element("span", "number", text), track);
  return line;
}

function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
