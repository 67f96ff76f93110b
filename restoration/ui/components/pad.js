// The drawing pad: strokes with mouse, pen or finger; the server is told after each. pad.py mounts it.

const INK = 0.085; // width of the line, of the pad

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pad");
  root.pad ??= new Pad(root, data.side);
  root.pad.tell = (ink) => setStateValue("ink", ink);
  root.pad.canvas.setAttribute("aria-label", data.label);
}

class Pad {
  constructor(root, side) {
    this.canvas = root.querySelector("canvas");
    Object.assign(this.canvas, { width: side, height: side });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(this.context, { lineWidth: INK * side, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => { if (this.last) this.line(event); });
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    root.querySelector("button").onclick = () => { this.context.clearRect(0, 0, side, side); this.tell(""); };
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.line(event);
  }

  line(event) {
    const next = this.place(event);
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
    let text = ""; // ink is white on nothing: its opacity is the picture
    for (let i = 3; i < data.length; i += 4) text += String.fromCharCode(data[i]);
    this.tell(btoa(text));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((css) => (css * this.canvas.width) / box.width);
  }
}
