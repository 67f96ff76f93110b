// The plane of codes: points on a canvas, a pointer that is clicked, dragged or moved by keys. plane.py mounts it.
// The pointer moves at once; its position is sent to the server at most every SEND_MS, and when it comes to rest.

const SEND_MS = 90;
const STEP = 1 / 60; // of the plane, by an arrow key
const clamp = (value) => Math.min(Math.max(value, 0), 1);

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".plane");
  root.plane ??= new Plane(root);
  root.plane.update(data, (at) => setStateValue("at", at));
  return () => setTimeout(() => { if (!root.isConnected) root.plane.close(); });
}

class Plane {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(name);
    [this.stage, this.canvas, this.cross] = [find(".stage"), find("canvas"), find(".cross")];
    [this.background, this.legend] = [find(".background"), find(".legend")];
    this.only = null;
    this.stage.addEventListener("pointerdown", (event) => { this.stage.setPointerCapture(event.pointerId); this.point(event); });
    this.stage.addEventListener("pointermove", (event) => { if (event.buttons) this.point(event); });
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
  }

  close() { this.observer.disconnect(); clearTimeout(this.timer); }

  update(data, send) {
    this.send = send;
    // The browser's position is newer than the one in the server's answer, so it stays unless the region changes.
    if (this.region !== String(data.region)) { this.place = this.toShare(data.at, data.region); this.only = null; }
    this.region = String(data.region);
    this.place ??= this.toShare(data.at, data.region);
    if (this.packed !== data.points) this.points = new Uint16Array(bytes(data.points).buffer);
    this.packed = data.points;
    this.labels = bytes(data.labels);
    this.data = data;
    this.stage.setAttribute("aria-label", `${data.alt}. Move with the arrow keys.`);
    this.background.hidden = !data.background;
    if (data.background && this.background.src !== data.background) this.background.src = data.background;
    this.updateLegend();
    this.draw();
  }

  toShare([x, y], [left, right, bottom, top]) { return [clamp((x - left) / (right - left)), clamp((y - bottom) / (top - bottom))]; }

  updateLegend() {
    const key = this.data.names.join();
    if (this.legendKey !== key) {
      this.legendKey = key;
      this.legend.replaceChildren(...this.data.names.map((name, i) => {
        const [button, dot] = [document.createElement("button"), document.createElement("i")];
        button.type = "button";
        dot.style.background = this.colour(i);
        button.append(dot, name);
        button.onclick = () => { this.only = this.only === i ? null : i; this.updateLegend(); this.draw(); };
        return button;
      }));
    }
    [...this.legend.children].forEach((button, i) => button.setAttribute("aria-pressed", this.only === i));
    this.legend.hidden = !this.data.shown || this.data.names.length < 2;
  }

  colour(label) { return this.data.colours[label % this.data.colours.length]; }

  point(event) {
    const box = this.stage.getBoundingClientRect();
    this.move([clamp((event.clientX - box.left) / box.width), clamp(1 - (event.clientY - box.top) / box.height)]);
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.move(this.place.map((value, axis) => clamp(value + move[axis] * STEP * (event.shiftKey ? 4 : 1))));
  }

  move(place) {
    this.place = place;
    this.moveCross();
    const wait = SEND_MS - (performance.now() - (this.sentAt ?? 0));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sentAt = performance.now();
      const [left, right, bottom, top] = this.data.region;
      this.send([left + this.place[0] * (right - left), bottom + this.place[1] * (top - bottom)]);
    }, Math.max(0, wait));
  }

  moveCross() {
    this.cross.style.left = `${100 * this.place[0]}%`;
    this.cross.style.top = `${100 * (1 - this.place[1])}%`;
  }

  draw() {
    if (!this.data) return;
    const { canvas, data, points, labels } = this;
    const [side, ratio] = [this.stage.clientWidth, window.devicePixelRatio || 1];
    canvas.width = canvas.height = Math.round(side * ratio);
    const context = canvas.getContext("2d");
    const at = (i) => [(points[2 * i] / 65535) * canvas.width, (1 - points[2 * i + 1] / 65535) * canvas.height];
    const dot = Math.max(1.5, side / 260) * ratio;
    if (data.shown) {
      context.globalAlpha = 0.75;
      for (let label = 0; label < data.names.length; label += 1) {
        if (this.only !== null && this.only !== label) continue;
        context.fillStyle = this.colour(label);
        for (let i = 0; i < labels.length; i += 1) {
          if (labels[i] !== label || this.outside(i)) continue;
          const [x, y] = at(i);
          context.fillRect(x - dot / 2, y - dot / 2, dot, dot);
        }
      }
      context.globalAlpha = 1;
    }
    this.root.dataset.drawn = data.shown ? labels.length : 0;
    this.drawMarks(context, ratio);
    this.moveCross();
  }

  // Points outside the region arrive clipped to its edge; drawn there they would look like a line of codes.
  outside(i) { return [this.points[2 * i], this.points[2 * i + 1]].some((step) => step === 0 || step === 65535); }

  drawMarks(context, ratio) {
    const style = getComputedStyle(this.root);
    const [ink, paper] = [style.color, style.getPropertyValue("--st-background-color")];
    context.font = `600 ${13 * ratio}px sans-serif`;
    for (const [x, y, text] of this.data.marks) {
      const [u, v] = this.toShare([x, y], this.data.region);
      const [left, top] = [u * this.canvas.width, (1 - v) * this.canvas.height];
      context.lineWidth = 4 * ratio;
      context.strokeStyle = paper;
      context.fillStyle = ink;
      context.beginPath();
      context.arc(left, top, 6 * ratio, 0, 2 * Math.PI);
      context.stroke();
      context.fill();
      const width = context.measureText(text).width;
      const textLeft = Math.min(left + 11 * ratio, this.canvas.width - width - 4 * ratio);
      context.strokeText(text, textLeft, top - 9 * ratio);
      context.fillText(text, textLeft, top - 9 * ratio);
    }
  }
}

function bytes(text) { return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)); }
