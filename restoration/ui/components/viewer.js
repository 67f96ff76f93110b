// The before/after viewer: two images of one size on one canvas. viewer.py mounts it, viewer.html is its skeleton.
// Lengths are device pixels unless named css; a scale is device pixels per image pixel, so 1 is 100 %.

const SCALES = [1 / 16, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const GAP = 4; // between the two panes
const BLINK_MS = 800; // well below three flashes a second (WCAG 2.3.1)
const views = new Map(); // key -> view; outlives the element, so leaving a page and coming back keeps the place
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export default function ({ data, parentElement, setTriggerValue }) {
  // Streamlit calls this on every rerun with the same parent: the viewer stays, only its data changes.
  const root = parentElement.querySelector(".viewer");
  root.viewer ??= new Viewer(root, data);
  root.viewer.update(data, (place) => setTriggerValue("picked", place));
  // Streamlit also cleans up after a call that a newer one overtook; then the viewer is still in use.
  return () => setTimeout(() => { if (!root.isConnected) root.viewer.close(); });
}

// Between two runs Streamlit may remove a file that the next run adds again, and a busy computer drops connections.
const RETRY_MS = [200, 600, 1800];

// Decoded off the main thread and kept decoded: an <img> of 24 megapixels may be decoded anew at every draw.
async function load(url) {
  for (const wait of [...RETRY_MS, null]) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${response.status} for ${url}`);
      const bitmap = await createImageBitmap(await response.blob());
      return { url, bitmap, width: bitmap.width, height: bitmap.height };
    } catch (error) {
      if (wait === null) throw error;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

class Viewer {
  constructor(root, data) {
    this.root = root;
    const find = (name) => root.querySelector(name);
    [this.stage, this.canvas, this.handle] = [find(".stage"), find("canvas"), find(".handle")];
    [this.message, this.percent, this.gains] = [find(".message"), find(".percent"), find(".gains")];
    this.difference = find("[value=difference]");
    this.chips = [...root.querySelectorAll(".chip")];
    this.context = this.canvas.getContext("2d");
    // Before, after and their difference as they lie in the pane: moving the split or the strength resamples nothing.
    this.layers = [0, 1, 2].map(() => document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
    this.images = [];
    this.pointers = new Map();
    this.view = views.get(data.key) ?? { fit: true, scale: 1, cx: 0.5, cy: 0.5, split: 0.5, mode: "slider", gain: data.gain };
    views.set(data.key, this.view);
    this.listen();
  }

  async update(data, pick) {
    [this.data, this.pick] = [data, pick];
    this.stage.classList.toggle("pickable", data.pickable);
    this.difference.textContent = data.removed ? "Removed" : "Difference";
    this.stage.style.setProperty("--height", `${data.height}px`);
    this.root.setAttribute("aria-label", data.alt);
    this.handle.setAttribute("aria-label", `Split between ${data.labels[0]} and ${data.labels[1]}`);
    this.redraw(); // the strength or a label may be new
    this.comeIntoSight(data.subject);
    const update = (this.latestUpdate = {}); // a newer update makes this one stale
    const [known, urls] = [this.images, [data.before, data.after]];
    if (urls.every((url, i) => known[i]?.url === url)) { this.message.textContent = ""; return; }
    this.root.dataset.ready = "false";
    const loads = urls.map((url) => known.find((image) => image.url === url) ?? load(url));
    const fresh = await Promise.all(loads).catch(() => null);
    if (update !== this.latestUpdate) return;
    const sizes = fresh?.map((image) => `${image.width} × ${image.height}`);
    this.message.textContent = !sizes ? "The picture could not be loaded. Reload the page."
      : sizes[0] !== sizes[1] ? `The two pictures differ in size: ${sizes.join(" and ")} pixels.` : "";
    if (this.message.textContent) { this.root.dataset.ready = "failed"; return; } // the old ones stay in sight
    for (const image of known) if (!fresh.includes(image)) image.bitmap.close(); // 96 MB each at 24 megapixels
    this.images = fresh;
    this.layersKey = null;
    const [{ view }, { width, height }] = [this, fresh[0]];
    // A preview and its full image show the same field at the same place; another shape starts over.
    if (Math.abs((view.width * height) / (view.height * width) - 1) > 0.02) view.fit = true;
    else view.scale *= (view.width ?? width) / width;
    Object.assign(view, { width, height });
    this.redraw();
  }

  // The visitor who asks for another result further down the page sees it come.
  comeIntoSight(subject) {
    const [{ top, bottom, height }, isNew] = [this.stage.getBoundingClientRect(), subject !== this.subject];
    const isFirst = this.subject === undefined;
    this.subject = subject;
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (isNew && !isFirst && seen < height / 2) this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  // ---- geometry: where the image lies
  panes() {
    const { width, height } = this.canvas;
    if (this.view.mode !== "side") return [{ x: 0, y: 0, width, height }];
    const column = { x: 0, y: 0, width: (width - GAP) >> 1, height };
    const row = { x: 0, y: 0, width, height: (height - GAP) >> 1 };
    const stack = this.stage.clientWidth < 600 && this.fitScale(row) > this.fitScale(column);
    return stack ? [row, { ...row, y: height - row.height }] : [column, { ...column, x: width - column.width }];
  }

  fitScale({ width, height }) {
    const scale = Math.min(width / this.view.width, height / this.view.height);
    return scale < 1 ? scale : Math.floor(scale); // enlarged by a fraction, pixels would come out uneven
  }

  scale() {
    const fit = this.fitScale(this.panes()[0]);
    return this.view.fit ? fit : clamp(this.view.scale, Math.min(fit, 1), SCALES.at(-1));
  }

  // The image's corner and size in a pane (the same in both), and the rectangle of it that is seen.
  spot() {
    const [{ view }, [pane], scale] = [this, this.panes(), this.scale()];
    const [width, height] = [Math.round(view.width * scale), Math.round(view.height * scale)];
    const within = (center, room, length) => length <= room ? 0.5 : clamp(center, room / 2 / length, 1 - room / 2 / length);
    [view.cx, view.cy] = [within(view.cx, pane.width, width), within(view.cy, pane.height, height)];
    const left = Math.floor(pane.width / 2 - view.cx * width + 0.001); // whole pixels, or 100 % would not be true
    const top = Math.floor(pane.height / 2 - view.cy * height + 0.001);
    const seen = { x: Math.max(left, 0), y: Math.max(top, 0), width: Math.min(width, pane.width), height: Math.min(height, pane.height) };
    return { scale, left, top, width, height, seen };
  }

  // A pointer's place on the canvas, and from the centre of the pane that it is in.
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map((css) => (css * this.canvas.width) / box.width);
    const panes = this.panes();
    const pane = panes.find((p) => x < p.x + p.width && y < p.y + p.height) ?? panes.at(-1);
    return { x, y, fromX: x - pane.x - pane.width / 2, fromY: y - pane.y - pane.height / 2 };
  }

  // ---- changing the view
  zoom(scale, { fromX, fromY } = { fromX: 0, fromY: 0 }) {
    const { view } = this;
    const fit = this.fitScale(this.panes()[0]);
    const old = this.spot().scale;
    view.fit = scale <= fit && fit <= 1;
    view.scale = view.fit ? fit : clamp(scale, Math.min(fit, 1), SCALES.at(-1));
    view.cx += (fromX / view.width) * (1 / old - 1 / view.scale); // what is under the pointer stays there
    view.cy += (fromY / view.height) * (1 / old - 1 / view.scale);
    this.redraw();
  }

  pan(dx, dy) {
    const { width, height } = this.spot();
    this.view.cx -= dx / width;
    this.view.cy -= dy / height;
    this.redraw();
  }

  larger() { this.zoom(SCALES.find((scale) => scale > this.scale() * 1.001) ?? SCALES.at(-1)); }
  smaller() { this.zoom(SCALES.findLast((scale) => scale < this.scale() * 0.999) ?? SCALES[0]); }
  fit() { this.set({ fit: true }); }
  split(value) { this.set({ split: clamp(value, 0, 1) }); }
  set(change) { Object.assign(this.view, change); this.blinked = false; this.redraw(); }
  hold(on) { this.held = on; this.set({}); }

  // ---- drawing
  redraw() { this.frame ??= requestAnimationFrame(() => this.draw()); }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { view, data, context, canvas, images } = this;
    this.alternate(view.mode === "blink" && !this.held);
    if (images.length < 2 || !canvas.width) return;
    const [panes, spot] = [this.panes(), this.spot()];
    const { seen } = spot;
    const first = this.held || this.blinked;
    const cut = view.mode === "slider" && !first ? Math.round(view.split * seen.width) : first ? seen.width : 0;
    this.resample(spot);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (view.mode === "difference" && !first) this.paintDifference(seen);
    else panes.forEach((pane, i) => this.paint(pane, seen, panes[1] && !i ? seen.width : cut));
    panes.forEach((pane) => this.mark(pane, spot));
    this.label(panes, seen, first, cut);
    this.stage.classList.toggle("pannable", spot.width > seen.width || spot.height > seen.height);
    this.percent.textContent = `${Math.round(spot.scale * 100)} %`;
    const pressed = { [view.mode]: true, [view.gain]: true, fit: view.fit, actual: !view.fit && spot.scale === 1 };
    for (const button of this.root.querySelectorAll("button[value]")) button.ariaPressed = String(Boolean(pressed[button.value]));
    Object.assign(this.root.dataset, {
      mode: view.mode, gain: view.gain, split: view.split.toFixed(4), strength: data.strength, shows: first ? "before" : "after",
      zoom: spot.scale.toFixed(4), fit: view.fit, center: `${view.cx.toFixed(4)} ${view.cy.toFixed(4)}`,
    });
    if (data.before === images[0].url && data.after === images[1].url) this.root.dataset.ready = "true";
  }

  resample({ scale, left, top, seen }) {
    const source = [(seen.x - left) / scale, (seen.y - top) / scale, seen.width / scale, seen.height / scale];
    const key = [...source, scale].join();
    if (key === this.layersKey) return;
    this.layersKey = key;
    this.images.forEach((image, i) => {
      const layer = this.layers[i];
      Object.assign(layer.canvas, { width: seen.width, height: seen.height });
      layer.imageSmoothingEnabled = scale < 1; // at 100 % and above every pixel stays itself
      layer.imageSmoothingQuality = "high";
      layer.drawImage(image.bitmap, ...source, 0, 0, seen.width, seen.height);
    });
  }

  // Before to the left of the cut; to its right after, mixed with before by strength.
  paint(pane, { x, y, width, height }, cut) {
    const part = (layer, from, to) => {
      if (to > from) this.context.drawImage(layer.canvas, from, 0, to - from, height, pane.x + x + from, pane.y + y, to - from, height);
    };
    part(this.layers[0], 0, this.data.strength < 1 ? width : cut);
    this.context.globalAlpha = this.data.strength;
    part(this.layers[1], cut, width);
    this.context.globalAlpha = 1;
  }

  // What was removed, before less after; or what came in, after less before.
  paintDifference({ x, y, width, height }) {
    const [before, after] = this.layers.slice(0, 2).map((layer) => layer.getImageData(0, 0, width, height));
    const [b, a, factor] = [before.data, after.data, this.view.gain * this.data.strength * (this.data.removed ? 1 : -1)];
    for (let i = 0; i < b.length; i += 4) {
      for (let c = i; c < i + 3; c++) b[c] = 127.5 + factor * (b[c] - a[c]); // the array rounds and clips
    }
    const layer = this.layers[2];
    Object.assign(layer.canvas, { width, height });
    layer.putImageData(before, 0, 0);
    this.context.drawImage(layer.canvas, x, y);
  }

  // The marked pixels, each as a ring filled with its colour.
  mark(pane, { scale, left, top }) {
    const { context, canvas, stage } = this;
    const radius = (7 * canvas.width) / stage.clientWidth;
    for (const { row, column, color, chosen } of this.data.marks) {
      const [x, y] = [left + (column + 0.5) * scale, top + (row + 0.5) * scale];
      if (x < 0 || y < 0 || x > pane.width || y > pane.height) continue;
      for (const [width, style] of [[radius * (chosen ? 1.6 : 1.15), "#000"], [radius * (chosen ? 1.4 : 1), "#fff"], [radius * 0.7, color]]) {
        context.beginPath();
        context.arc(pane.x + x, pane.y + y, width, 0, 2 * Math.PI);
        context.fillStyle = style;
        context.fill();
      }
    }
  }

  label(panes, seen, first, cut) {
    const { view, chips, handle, data: { labels: [before, after] } } = this;
    const css = this.stage.clientWidth / this.canvas.width;
    const single = this.images[0].url === this.images[1].url; // nothing to compare yet: one picture, one label
    const slider = view.mode === "slider" && !this.held && !single;
    const last = first ? before : view.mode === "difference" ? `${this.difference.textContent.toLowerCase()} ×${view.gain}` : after;
    const texts = single ? [before, ""] : panes[1] || slider ? [before, last] : [last, ""];
    chips.forEach((chip, i) => { chip.textContent = texts[i]; chip.hidden = !texts[i]; });
    const [left, top, right, at] = [seen.x, seen.y, seen.x + seen.width, seen.x + cut].map((length) => length * css);
    const [one, two] = chips.map((chip) => chip.offsetWidth + 8);
    const second = panes[1] ? [left + panes[1].x * css + 8, top + panes[1].y * css + 8] : [right - two, top + 8];
    chips[0].style.translate = `${left + 8}px ${top + 8}px`;
    chips[1].style.translate = `${second[0]}px ${second[1]}px`;
    chips[0].classList.toggle("away", slider && at < left + one + 4); // a label stands on its own image only
    chips[1].classList.toggle("away", slider && at > right - two - 4);
    handle.hidden = !slider;
    Object.assign(handle.style, { translate: `${at}px ${top}px`, height: `${seen.height * css}px` });
    handle.ariaValueNow = Math.round(view.split * 100);
    this.gains.hidden = view.mode !== "difference";
  }

  alternate(on) {
    if (on === Boolean(this.timer)) return;
    clearInterval(this.timer);
    const still = matchMedia("(prefers-reduced-motion: reduce)"); // then by hand only
    this.timer = on && setInterval(() => { this.blinked = !this.blinked && !still.matches; this.redraw(); }, BLINK_MS);
  }

  // ---- pointer, wheel and keyboard
  listen() {
    this.ending = new AbortController();
    const on = (target, types, act) => types.split(" ").forEach((type) =>
      target.addEventListener(type, act.bind(this), { signal: this.ending.signal, passive: false, capture: target === document }));
    on(this.stage, "pointerdown", this.press);
    on(this.stage, "pointermove", this.drag);
    on(this.stage, "pointerup pointercancel", this.release);
    on(this.stage, "wheel", this.wheel);
    on(this.stage, "dblclick", this.toggle);
    on(this.root, "click", this.choose);
    on(this.root, "keydown", this.key);
    on(this.root, "keyup", (event) => { if (event.key === "b" || event.key === "B") this.hold(false); });
    on(this.root, "focusout", () => { if (this.held) this.hold(false); });
    on(document, "scroll", () => { this.scrolled = performance.now(); });
    this.observer = new ResizeObserver(([{ devicePixelContentBoxSize, contentRect: { width, height } }]) => {
      const { inlineSize, blockSize } = devicePixelContentBoxSize?.[0] ?? {}; // exact, but not in every browser
      this.canvas.width = inlineSize ?? Math.round(width * devicePixelRatio);
      this.canvas.height = blockSize ?? Math.round(height * devicePixelRatio);
      this.draw(); // at once: a resized canvas is empty
    });
    try { this.observer.observe(this.canvas, { box: "device-pixel-content-box" }); } catch { this.observer.observe(this.canvas); }
  }

  press(event) {
    if (event.target.closest("button") || event.button || !this.images.length) return;
    this.root.classList.add("pointed"); // a ring is for the keyboard; after a focus() by script browsers draw it too
    this.root.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    this.pressed = { time: performance.now(), ...this.point(event) };
    this.pointers.set(event.pointerId, this.pressed);
    this.onHandle = this.handle.contains(event.target);
    if (this.view.mode === "blink") this.hold(true);
    this.drag(event);
  }

  drag(event) {
    const [old, now] = [this.pointers.get(event.pointerId), this.point(event)];
    if (!old) return;
    const [dx, dy] = [now.x - old.x, now.y - old.y];
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    const panning = this.stage.classList.contains("pannable") && !this.onHandle;
    if (other) {
      const distance = (p) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
      const middle = { fromX: (now.fromX + other.fromX) / 2, fromY: (now.fromY + other.fromY) / 2 };
      this.zoom((this.scale() * distance(now)) / distance(old), middle);
      this.pan(dx / 2, dy / 2);
    } else if (panning) this.pan(dx, dy);
    else if (this.view.mode === "slider" && (this.onHandle || !this.data.pickable)) this.split((now.x - this.spot().seen.x) / this.spot().seen.width);
    this.pointers.set(event.pointerId, now);
  }

  release(event) {
    const last = this.pointers.get(event.pointerId);
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.held) this.hold(false);
    const still = last && Math.hypot(last.x - this.pressed.x, last.y - this.pressed.y) < 6 * devicePixelRatio;
    if (event.type === "pointerup" && still && this.data.pickable && !this.onHandle && !this.pointers.size) this.choosePlace(this.pressed);
  }

  // Tells the page which pixel was pressed; a number that grows lets the same one be chosen twice.
  choosePlace({ fromX, fromY }) {
    const [{ scale, left, top }, [pane]] = [this.spot(), this.panes()];
    const row = Math.floor((fromY + pane.height / 2 - top) / scale);
    const column = Math.floor((fromX + pane.width / 2 - left) / scale);
    if (row >= 0 && column >= 0 && row < this.view.height && column < this.view.width) {
      this.pick({ row, column, height: this.view.height, width: this.view.width, time: Date.now() });
    }
  }

  wheel(event) {
    // The page scrolls on over the image: when it was scrolling already, and when there is nothing to zoom out of.
    const passing = performance.now() - this.scrolled < 300 || (event.deltaY > 0 && this.view.fit);
    if (!this.images.length || (passing && !event.ctrlKey)) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode ? 33 : 1) * (event.ctrlKey ? 4 : 1); // a trackpad pinches in small steps
    this.zoom(this.scale() * Math.exp(-clamp(pixels, -240, 240) / 400), this.point(event));
  }

  toggle(event) {
    if (event.target.closest("button") || !this.images.length) return;
    if (this.view.fit) this.zoom(this.scale() === 1 ? 2 : 1, this.point(event));
    else this.fit();
  }

  key(event) {
    this.root.classList.remove("pointed");
    if (event.ctrlKey || event.metaKey || event.altKey || !this.images.length) return;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    const [far, onHandle, { view }] = [event.shiftKey ? 5 : 1, event.target === this.handle, this];
    if ((x || y) && this.stage.classList.contains("pannable") && !onHandle) this.pan(-x * 60 * far, -y * 60 * far);
    else if (x && view.mode === "slider") this.split(view.split + x * 0.02 * far);
    else if (onHandle && event.key === "Home") this.split(0);
    else if (onHandle && event.key === "End") this.split(1);
    else if (event.key === "b" || event.key === "B") { if (!event.repeat) this.hold(true); }
    else if ("+=-01".includes(event.key)) this.choose(null, { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "actual" }[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(event, value = event.target.closest("button")?.value) {
    if (!value || !this.images.length) return;
    const act = { in: this.larger, out: this.smaller, fit: this.fit, actual: () => this.zoom(1) }[value];
    if (act) act.call(this);
    else this.set(Number(value) ? { gain: Number(value) } : { mode: value });
  }

  close() {
    this.ending.abort();
    this.observer.disconnect();
    this.latestUpdate = null;
    clearInterval(this.timer);
    cancelAnimationFrame(this.frame);
    for (const image of this.images) image.bitmap.close();
  }
}
