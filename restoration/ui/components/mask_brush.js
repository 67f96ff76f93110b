// The brush: marks on a photograph with mouse, pen or finger what shall be filled. mask_brush.py mounts it.
// A stroke goes to the server as its points, in shares of the picture's width and height; the server draws the mask.

const MARKING = [0, 229, 255]; // a colour that no old photograph has
const OPACITY = 0.6;
const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];
const FEWEST = 0.0015; // of the width between two points of a stroke
const places = new Map(); // key -> { brush, size, zoom, overlay }; outlives the element

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".mask-brush");
  root.brush ??= new Brush(root, data.key);
  root.brush.update(data, (stroke) => setTriggerValue("stroke", { ...stroke, time: Date.now() }));
  return () => setTimeout(() => { if (!root.isConnected) root.brush.observer.disconnect(); });
}

async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return createImageBitmap(await response.blob());
}

class Brush {
  constructor(root, key) {
    this.root = root;
    [this.stage, this.canvas, this.size] = [root.querySelector(".stage"), root.querySelector("canvas"), root.querySelector(".size")];
    this.context = this.canvas.getContext("2d");
    this.marking = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    this.state = places.get(key) ?? { brush: "add", size: 12, zoom: 1, overlay: true };
    places.set(key, this.state);
    this.size.value = this.state.size;
    this.size.oninput = () => { this.state.size = Number(this.size.value); };
    root.addEventListener("click", (event) => this.choose(event.target.closest("button")?.value));
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.fingers = new Map(); // pointer -> where it was last, in CSS pixels
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.end(event));
    this.canvas.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); this.choose("undo"); }
    });
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.stage);
  }

  async update(data, send) {
    [this.data, this.send] = [data, send];
    this.stage.style.setProperty("--height", `${data.height}px`);
    this.canvas.setAttribute("aria-label", data.label);
    this.root.querySelector("[value=undo]").disabled = !data.undoable;
    this.press();
    if (this.shown === data.image + data.mask) return;
    this.root.dataset.ready = "false";
    const latest = (this.latest = {});
    const [image, mask] = await Promise.all([load(data.image), load(data.mask)]).catch(() => []);
    if (latest !== this.latest || !mask) return;
    [this.image, this.shown] = [image, data.image + data.mask];
    this.mask = mask;
    if (!this.points) this.mark(mask); // a stroke that is being drawn stays; its answer comes with the next mask
    this.layout();
    this.root.dataset.ready = "true";
  }

  // The mask, white on black, becomes the marking: one colour, its opacity the mask's.
  mark(mask) {
    const { width, height } = mask;
    Object.assign(this.marking.canvas, { width, height });
    this.marking.drawImage(mask, 0, 0);
    const pixels = this.marking.getImageData(0, 0, width, height);
    for (let i = 0; i < pixels.data.length; i += 4) {
      pixels.data[i + 3] = pixels.data[i];
      [pixels.data[i], pixels.data[i + 1], pixels.data[i + 2]] = MARKING;
    }
    this.marking.putImageData(pixels, 0, 0);
  }

  layout() {
    if (!this.image) return;
    const { width, height } = this.image;
    const fit = Math.min(this.stage.clientWidth / width, this.stage.clientHeight / height);
    this.scale = fit * this.state.zoom;
    const { stage } = this; // its middle stays in the middle
    const [across, down] = [(stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth, (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight];
    Object.assign(this.canvas, { width, height });
    Object.assign(this.canvas.style, { width: `${Math.floor(width * this.scale)}px`, height: `${Math.floor(height * this.scale)}px` });
    stage.scrollTo(across * stage.scrollWidth - stage.clientWidth / 2, down * stage.scrollHeight - stage.clientHeight / 2);
    this.root.querySelector(".percent").textContent = `${Math.round(this.state.zoom * 100)} %`;
    this.draw();
  }

  draw() {
    this.context.globalAlpha = 1;
    this.context.drawImage(this.image, 0, 0);
    if (!this.state.overlay) return;
    this.context.globalAlpha = OPACITY;
    this.context.drawImage(this.marking.canvas, 0, 0);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  begin(event) {
    if (!this.image || event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) { this.grip(); return; }
    this.points = [this.place(event)];
    this.radius = this.state.size / 2 / this.canvas.clientWidth; // of the picture's width, as wide as it looks
    this.line(this.points[0], this.points[0]);
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) this.stage.scrollTo(...this.middle().map((place, axis) => this.held[axis] - place));
    if (!this.points) return;
    const [last, next] = [this.points.at(-1), this.place(event)];
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < FEWEST) return;
    this.points.push(next);
    this.line(last, next);
  }

  line(from, to) {
    const { width, height } = this.marking.canvas;
    Object.assign(this.marking, {
      globalCompositeOperation: this.state.brush === "add" ? "source-over" : "destination-out",
      strokeStyle: `rgb(${MARKING})`, lineCap: "round", lineWidth: 2 * this.radius * width,
    });
    this.marking.beginPath();
    this.marking.moveTo(from[0] * width, from[1] * height);
    this.marking.lineTo(to[0] * width + 0.01, to[1] * height);
    this.marking.stroke();
    this.marking.globalCompositeOperation = "source-over";
    this.draw();
  }

  // Two fingers move the picture; the stroke that the first of them began is none.
  grip() {
    const [x, y] = this.middle();
    this.held = [this.stage.scrollLeft + x, this.stage.scrollTop + y];
    if (!this.points) return;
    this.points = null;
    this.mark(this.mask);
    this.draw();
  }

  middle() {
    const places = [...this.fingers.values()];
    return [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  }

  end(event) {
    this.fingers.delete(event.pointerId);
    if (!this.points) return;
    this.send({ action: this.state.brush, radius: this.radius, points: this.points });
    this.points = null;
  }

  choose(value) {
    if (!value || !this.image) return;
    const step = (by) => ZOOMS[Math.min(Math.max(ZOOMS.indexOf(this.state.zoom) + by, 0), ZOOMS.length - 1)];
    if (value === "undo") { if (this.data.undoable) this.send({ action: "undo", radius: 0, points: [] }); }
    else if (value === "overlay") this.state.overlay = !this.state.overlay;
    else if (value === "in" || value === "out") this.state.zoom = step(value === "in" ? 1 : -1);
    else this.state.brush = value;
    this.press();
    this.layout();
  }

  press() {
    const pressed = { [this.state.brush]: true, overlay: this.state.overlay };
    for (const button of this.root.querySelectorAll("button")) {
      if (["add", "erase", "overlay"].includes(button.value)) button.ariaPressed = String(Boolean(pressed[button.value]));
    }
  }
}
