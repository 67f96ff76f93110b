// Two planes with the same points: what is pointed at or selected in one is shown in both. two_planes.py mounts it.
// Points are drawn on one canvas and the pointer's marks on another, so that pointing redraws few strokes.

const MOVE_MS = 250; // of points to their new places
const NEAR = 16; // CSS pixels: the farthest point that the pointer selects
const MOST_SENT = 500; // selected points
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".two-planes");
  root.planes ??= new TwoPlanes(root);
  root.planes.update(data, (ids) => setStateValue("selected", ids));
  return () => setTimeout(() => { if (!root.isConnected) root.planes.close(); });
}

class TwoPlanes {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(name);
    [this.tip, this.thumb, this.text] = [find(".tip"), find(".tip canvas"), find(".tip span")];
    [this.legend, this.save] = [find(".legend"), find(".save")];
    this.selected = new Set();
    this.pointed = null;
    this.panes = [0, 1].map((which) => this.pane(which));
    find(".panes").append(...this.panes.map((pane) => pane.figure));
    this.save.onclick = () => this.download();
    this.observer = new ResizeObserver(() => this.draw());
    this.panes.forEach((pane) => this.observer.observe(pane.stage));
  }

  close() { this.observer.disconnect(); cancelAnimationFrame(this.frame); }

  pane(which) {
    const make = (name, parent) => parent.appendChild(document.createElement(name));
    const figure = document.createElement("figure");
    const title = make("figcaption", figure);
    const stage = make("div", figure);
    stage.className = "stage";
    stage.tabIndex = 0;
    stage.setAttribute("role", "img");
    const pane = { which, figure, title, stage, points: make("canvas", stage), over: make("canvas", stage) };
    stage.addEventListener("pointermove", (event) => this.moved(pane, event));
    stage.addEventListener("pointerleave", () => { if (!this.drag) this.point(null); });
    stage.addEventListener("pointerdown", (event) => this.pressed(pane, event));
    stage.addEventListener("pointerup", (event) => this.released(pane, event));
    stage.addEventListener("keydown", (event) => this.key(pane, event));
    return pane;
  }

  update(data, send) {
    this.send = send;
    const before = this.data;
    this.data = data;
    this.labels = new Uint16Array(bytes(data.labels).buffer);
    this.errors = data.errors.map((packed) => new Float32Array(bytes(packed).buffer));
    if (before?.name !== data.name) { this.selected = new Set(data.selected); this.pointed = null; this.places = null; }
    if (before?.sprite !== data.sprite) this.load(data.sprite);
    this.panes.forEach((pane) => {
      pane.title.textContent = data.titles[pane.which];
      pane.stage.dataset.missing = data.points[pane.which] ? "" : data.missing;
      pane.stage.setAttribute("aria-label", `${data.alt}, ${data.titles[pane.which]}. Arrow keys go from point to point, Enter selects.`);
    });
    this.updateColours();
    this.updateLegend();
    const target = data.points.map((packed) => Float32Array.from(new Uint16Array(bytes(packed).buffer), (step) => step / 65535));
    if (String(before?.points) !== String(data.points)) this.slideTo(target);
    this.draw();
  }

  // Points slide to their new positions, so that one can be followed through a training.
  slideTo(target) {
    cancelAnimationFrame(this.frame);
    const [from, began] = [this.places, performance.now()];
    if (!from || from.some((places, which) => places.length !== target[which].length) || REDUCED_MOTION.matches) { this.places = target; return; }
    const slide = (now) => {
      const share = Math.min(Math.max((now - began) / MOVE_MS, 0), 1);
      this.places = target.map((places, which) => places.map((value, i) => from[which][i] + share * (value - from[which][i])));
      this.draw();
      if (share < 1) this.frame = requestAnimationFrame(slide);
    };
    this.frame = requestAnimationFrame(slide);
  }

  async load(url) {
    this.sprite = null;
    if (!url) return;
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => null);
    if (this.data.sprite === url && image.naturalWidth) { this.sprite = image; this.point(this.pointed); }
  }

  // ---- colours: points of one colour are drawn together
  updateColours() {
    const { data, labels, errors } = this;
    const { colours, ramp, worst } = data;
    this.colours = data.by === "error" ? ramp : data.names.map((_, i) => colours[i % colours.length]);
    this.colour = [0, 1].map((which) => (data.by === "error"
      ? Uint8Array.from(errors[which], (error) => Math.min(ramp.length - 1, Math.floor((error / worst) * ramp.length)))
      : labels));
  }

  updateLegend() {
    const { data } = this;
    const part = (text, colour, className = "") => {
      const [span, dot] = [document.createElement("span"), document.createElement("i")];
      [dot.style.background, dot.className] = [colour, className];
      span.append(dot, text);
      return span;
    };
    const ramp = part(`error from 0 to ${data.worst.toPrecision(2)}`, `linear-gradient(90deg, ${data.ramp.join()})`, "ramp");
    const classes = data.names.length > 1 ? data.names.map((name, i) => part(name, this.colours[i])) : [];
    this.legend.replaceChildren(...(data.by === "error" ? [ramp] : classes));
  }

  // ---- pointing and selecting
  position({ stage }, event) {
    const box = stage.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
  }

  nearest(pane, [x, y]) {
    const places = this.places[pane.which];
    let [best, least] = [null, (NEAR / pane.stage.clientWidth) ** 2];
    for (let i = 0; i < this.labels.length; i += 1) {
      const distance = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  moved(pane, event) {
    if (this.drag?.pane === pane) { this.drag.to = this.position(pane, event); this.drawOverlay(); return; }
    this.point(this.nearest(pane, this.position(pane, event)), pane);
  }

  pressed(pane, event) {
    const place = this.position(pane, event);
    if (event.pointerType !== "touch") { // a finger that moves wants to scroll the page
      pane.stage.setPointerCapture(event.pointerId);
      this.drag = { pane, from: place, to: place };
    } else {
      this.point(this.nearest(pane, place), pane);
      if (this.pointed !== null) this.select([this.pointed]);
    }
  }

  released(pane, event) {
    if (!this.drag) return;
    const { from, to } = this.drag;
    this.drag = null;
    const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
    const [low, high] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
    const places = this.places[pane.which];
    const box = (right - left) * pane.stage.clientWidth > 4 || (high - low) * pane.stage.clientWidth > 4;
    const point = this.nearest(pane, this.position(pane, event));
    const inside = (i) => places[2 * i] >= left && places[2 * i] <= right && places[2 * i + 1] >= low && places[2 * i + 1] <= high;
    if (box) this.select([...this.labels.keys()].filter(inside));
    else this.select(point === null ? [] : [point]); // a click beside all points clears the selection
  }

  key(pane, event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) this.point(((this.pointed ?? -step) + step + this.labels.length) % this.labels.length, pane);
    else if (event.key === "Enter" && this.pointed !== null) this.select([this.pointed]);
    else if (event.key === "Escape") this.select([]);
    else return;
    event.preventDefault();
  }

  select(ids) {
    this.selected = new Set(ids);
    this.draw();
    this.send(ids.slice(0, MOST_SENT));
  }

  point(i, pane = this.last) {
    [this.pointed, this.last] = [i, pane ?? this.panes[0]];
    this.tip.hidden = i === null;
    if (i !== null) this.showTip(i);
    this.drawOverlay();
  }

  showTip(i) {
    const { data, errors } = this;
    const name = data.names.length > 1 ? `${data.names[this.labels[i]]}\n` : "";
    const lost = data.titles.map((title, which) => (errors[which].length ? `${title}: error ${errors[which][i].toPrecision(2)}` : null));
    this.text.textContent = name + lost.filter(Boolean).join("\n");
    this.thumb.hidden = !this.sprite;
    if (this.sprite) {
      const [width, height, columns] = data.thumb;
      [this.thumb.width, this.thumb.height] = [width, height];
      const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
      this.thumb.getContext("2d").drawImage(this.sprite, left, top, width, height, 0, 0, width, height);
    }
    const [stage, root] = [this.last.stage.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const [x, y] = [0, 1].map((axis) => this.places[this.last.which][2 * i + axis]);
    const [left, top] = [stage.left - root.left + x * stage.width, stage.top - root.top + (1 - y) * stage.height];
    const { offsetWidth, offsetHeight } = this.tip;
    this.tip.style.left = `${left + 14 + offsetWidth > root.width ? Math.max(0, left - 14 - offsetWidth) : left + 14}px`;
    this.tip.style.top = `${Math.max(0, top - offsetHeight / 2)}px`;
  }

  // ---- drawing
  draw() {
    if (!this.data || !this.places) return;
    const began = performance.now();
    for (const pane of this.panes) this.drawPoints(pane);
    this.drawOverlay();
    this.root.dataset.drawn = this.labels.length;
    this.root.dataset.selected = this.selected.size;
    this.root.dataset.ms = (performance.now() - began).toFixed(1);
  }

  drawPoints(pane) {
    const { context, side, ratio } = cleared(pane.points, pane.stage);
    const [places, colour, { selected }] = [this.places[pane.which], this.colour[pane.which], this];
    const dot = Math.max(2, Math.min(4, side / 130)) * ratio;
    const paint = (chosen, alpha) => {
      context.globalAlpha = alpha;
      this.colours.forEach((fill, bin) => {
        context.fillStyle = fill;
        for (let i = 0; i < colour.length; i += 1) {
          if (colour[i] !== bin || (selected.size && selected.has(i) !== chosen)) continue;
          context.fillRect(places[2 * i] * side * ratio - dot / 2, (1 - places[2 * i + 1]) * side * ratio - dot / 2, dot, dot);
        }
      });
    };
    if (selected.size) paint(false, 0.12);
    paint(true, 0.8);
    if (places.length) this.drawScale(context, pane, side * ratio, ratio);
  }

  drawScale(context, pane, side, ratio) {
    const [left, right] = this.data.spans[pane.which];
    context.globalAlpha = 0.6;
    context.fillStyle = getComputedStyle(this.root).color;
    context.font = `${11 * ratio}px sans-serif`;
    context.fillText(left.toPrecision(2), 5 * ratio, side - 6 * ratio);
    const text = right.toPrecision(2);
    context.fillText(text, side - context.measureText(text).width - 5 * ratio, side - 6 * ratio);
  }

  drawOverlay() {
    if (!this.places) return;
    for (const pane of this.panes) {
      const { context, side, ratio } = cleared(pane.over, pane.stage);
      const at = ([x, y]) => [x * side * ratio, (1 - y) * side * ratio];
      context.strokeStyle = getComputedStyle(this.root).color;
      context.lineWidth = 2 * ratio;
      if (this.pointed !== null) {
        const places = this.places[pane.which];
        context.beginPath();
        context.arc(...at([places[2 * this.pointed], places[2 * this.pointed + 1]]), 6 * ratio, 0, 2 * Math.PI);
        context.stroke();
      }
      if (this.drag?.pane === pane) {
        const [[x, y], [u, v]] = [at(this.drag.from), at(this.drag.to)];
        context.setLineDash([4 * ratio, 4 * ratio]);
        context.strokeRect(x, y, u - x, v - y);
      }
    }
  }

  download() {
    const [first, second] = this.panes.map((pane) => pane.points);
    const [side, head] = [first.width, Math.round(first.width / 14)];
    const output = Object.assign(document.createElement("canvas"), { width: 2 * side + head, height: side + head });
    const [context, style] = [output.getContext("2d"), getComputedStyle(this.root)];
    context.fillStyle = style.getPropertyValue("--st-secondary-background-color");
    context.fillRect(0, 0, output.width, output.height);
    context.fillStyle = style.color;
    context.font = `600 ${head / 2}px sans-serif`;
    [first, second].forEach((canvas, which) => {
      context.fillText(this.data.titles[which], which * (side + head) + head / 4, head * 0.65);
      context.drawImage(canvas, which * (side + head), head);
    });
    Object.assign(document.createElement("a"), { href: output.toDataURL(), download: `${this.data.file}.png` }).click();
  }
}

function cleared(canvas, stage) {
  const [side, ratio] = [stage.clientWidth, window.devicePixelRatio || 1];
  canvas.width = canvas.height = Math.round(side * ratio);
  return { context: canvas.getContext("2d"), side, ratio };
}

function bytes(text) { return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)); }
