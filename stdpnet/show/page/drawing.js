// The canvas to draw on. Ink is its opacity, so that its colour can follow light and dark.

import { colour, css, withColours } from "./colours.js";

const THIN = 44; // px: on a canvas that is lower than this one cannot aim, and its whole height is the line

export class Drawing {
  /** `began` is called when a stroke begins, `drawn` when one ends. */
  constructor(canvas, area, model, began, drawn) {
    Object.assign(this, { canvas, began, drawn });
    const { cell, height, width } = model;
    [canvas.width, canvas.height] = [cell * width, cell * height];
    canvas.style.minWidth = `${Math.min(4, cell) * width}px`; // of a long signal: to be able to aim
    this.ink = canvas.getContext("2d", { willReadFrequently: true });
    this.pen = cell * Math.max(1.2, 0.08 * Math.sqrt(height * width)); // in MNIST a stroke has two or three pixels
    this.last = null;
    this.empty = true;
    withColours(() => this.paint());
    this.listen(area);
  }

  /** Return how much ink each pixel has, 0 to 255. */
  read() {
    const { data } = this.ink.getImageData(0, 0, this.canvas.width, this.canvas.height);
    return Uint8Array.from({ length: data.length / 4 }, (_, k) => data[4 * k + 3]);
  }

  clear() {
    this.ink.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.last = null;
    this.empty = true;
  }

  /** Give the ink that is there, and that to come, the colour of the page. */
  paint() {
    this.style = css(colour("--ink"));
    this.ink.globalCompositeOperation = "source-in";
    this.ink.fillStyle = this.style;
    this.ink.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.ink.globalCompositeOperation = "source-over";
  }

  begin(point) {
    this.began();
    this.empty = false;
    this.last = point;
    this.move(point);
  }

  move(point) {
    if (!this.last) return;
    const { ink } = this;
    ink.strokeStyle = ink.fillStyle = this.style;
    ink.lineWidth = this.pen;
    ink.lineCap = "round";
    ink.beginPath();
    ink.moveTo(...this.last);
    ink.lineTo(...point);
    ink.stroke();
    ink.beginPath();
    ink.arc(...point, this.pen / 2, 0, 2 * Math.PI);
    ink.fill();
    this.last = point;
  }

  end() {
    if (!this.last) return;
    this.last = null;
    this.drawn();
  }

  /** Return the point of the canvas that a pointer is at. */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / box.width;
    const y = box.height < THIN ? box.height / 2 : event.clientY - box.top;
    return [(event.clientX - box.left) * scale, y * scale];
  }

  listen(area) {
    area.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.canvas.focus({ preventScroll: true });
      area.setPointerCapture(event.pointerId);
      this.begin(this.point(event));
    });
    area.addEventListener("pointermove", (event) => {
      if (!area.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) this.move(this.point(part));
      this.move(this.point(event));
    });
    for (const kind of ["pointerup", "pointercancel"]) area.addEventListener(kind, () => this.end());
  }
}
