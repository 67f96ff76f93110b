// The drawing pad: strokes with mouse, pen or finger; after each the drawing is sent to the server. pad.py mounts it.

const LINE_WIDTH = 0.085; // of the pad's side

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pad");
  root.pad ??= new Pad(root, data.side);
  root.pad.send = (ink) => setStateValue("ink", ink);
  root.pad.canvas.setAttribute("aria-label", data.label);
}

class Pad {
  constructor(root, side) {
    this.canvas = root.querySelector("canvas");
    Object.assign(this.canvas, { width: side, height: side });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(this.context, { lineWidth: LINE_WIDTH * side, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => { if (this.last) this.line(event); });
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    root.querySelector("button").onclick = () => { this.context.clearRect(0, 0, side, side); this.send(""); };
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.position(event);
    this.line(event);
  }

  line(event) {
    const next = this.position(event);
    this.context.beginPath();
    this.context.moveTo(...this.last);
    this.context.lineTo(...next);
    this.context.stroke();
    this.last = next;
  }

  end() {
    if (!this.last) return;
    this.last = null;
    const { width, height } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    let text = ""; // white ink on a transparent canvas: the alpha channel is the drawing
    for (let i = 3; i < data.length; i += 4) text += String.fromCharCode(data[i]);
    this.send(btoa(text));
  }

  position(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((css) => (css * this.canvas.width) / box.width);
  }
}
