// All neurons as their receptive fields: those that fire light up, inhibition dims the others.

import { colour, css, withColours } from "./colours.js";
import { Spikes } from "./spikes.js";

const GAP = 1; // pixels of a field between two
const LARGE = 1000; // pixels of the canvas, about
const LABELLED = 400; // more neurons leave no room for names

export class Neurons {
  constructor(canvas, model, fields) {
    Object.assign(this, { canvas, model, fields });
    const { neurons, height, width, assignments } = model;
    const last = model.classes.length;
    const name = (neuron) => (assignments[neuron] < 0 ? last : assignments[neuron]);
    this.order = Array.from({ length: neurons }, (_, k) => k).sort((a, b) => name(a) - name(b) || a - b);
    [this.cellWidth, this.cellHeight] = [width + GAP, height + GAP];
    this.columns = Math.max(1, Math.round(Math.sqrt((neurons * this.cellHeight) / this.cellWidth)));
    this.rows = Math.ceil(neurons / this.columns);
    const whole = [this.columns * this.cellWidth + GAP, this.rows * this.cellHeight + GAP];
    this.scale = Math.max(1, Math.floor(LARGE / Math.max(...whole)));
    [canvas.width, canvas.height] = whole.map((side) => side * this.scale);
    this.spikes = { excitatory: new Spikes(), inhibitory: new Spikes() };
    [this.time, this.fade] = [0, 8];
    this.chosen = -1; // the place of the one that is looked at
    withColours(() => this.paint());
  }

  /** Take the spikes of a presentation. */
  load(spikes) {
    this.spikes = spikes;
  }

  /** Draw the fields once, at rest and alight. */
  paint() {
    const { rest, lit } = this.fields.colours();
    [this.rest, this.lit] = [rest, lit].map((colours) => {
      const picture = new ImageData(this.canvas.width / this.scale, this.canvas.height / this.scale);
      this.order.forEach((neuron, place) => {
        const [column, row] = [place % this.columns, Math.floor(place / this.columns)];
        this.fields.put(picture, neuron, GAP + column * this.cellWidth, GAP + row * this.cellHeight, colours);
      });
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext("2d").putImageData(picture, 0, 0);
      return canvas;
    });
    this.redraw();
  }

  show(time, fade) {
    Object.assign(this, { time, fade });
    this.shrunk = this.canvas.width / Math.max(1, this.canvas.clientWidth); // pixels of the canvas in one of the page
    const ink = this.canvas.getContext("2d");
    const glow = this.spikes.excitatory.glow(time, fade);
    const [held, spared] = this.inhibition(time, fade);
    ink.imageSmoothingEnabled = false;
    ink.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ink.globalAlpha = 1 - 0.65 * held;
    ink.drawImage(this.rest, 0, 0, this.canvas.width, this.canvas.height);
    this.order.forEach((neuron, place) => {
      if (held > 0.05 && spared(neuron)) this.copy(ink, this.rest, place, 1);
      if (glow.has(neuron)) this.light(ink, place, glow.get(neuron));
    });
    ink.globalAlpha = 1;
    this.label(ink);
    if (this.chosen >= 0) this.frame(ink, this.chosen, css(colour("--accent")));
  }

  redraw() {
    this.show(this.time, this.fade);
  }

  /** Return the place of the field at a point of the canvas as it is on the screen. */
  at(x, y) {
    const share = this.canvas.width / this.scale / this.canvas.clientWidth;
    const [column, row] = [(x * share) / this.cellWidth, (y * share) / this.cellHeight].map(Math.floor);
    return row * this.columns + Math.min(column, this.columns - 1);
  }

  /** Return how strongly the neurons are held down, 0 to 1, and who is not: the partners of the last one that did it. */
  inhibition(time, fade) {
    const own = this.model.inhibitory > 0;
    const { times, who } = own ? this.spikes.inhibitory : this.spikes.excitatory;
    const last = (own ? this.spikes.inhibitory : this.spikes.excitatory).until(time) - 1;
    const partners = own ? this.model.inhibitory : this.model.neurons;
    return last < 0 ? [0, () => true] : [
      Math.exp((times[last] - time) / fade),
      (neuron) => neuron % partners === who[last],
    ];
  }

  place(place) {
    const [column, row] = [place % this.columns, Math.floor(place / this.columns)];
    return [column * this.cellWidth, row * this.cellHeight, this.cellWidth + GAP, this.cellHeight + GAP];
  }

  copy(ink, picture, place, alpha) {
    const from = this.place(place);
    ink.globalAlpha = alpha;
    ink.drawImage(picture, ...from, ...from.map((value) => value * this.scale));
  }

  light(ink, place, alpha) {
    this.copy(ink, this.lit, place, alpha);
    this.frame(ink, place, css(colour("--spike")));
  }

  frame(ink, place, style) {
    const [left, top, width, height] = this.place(place).map((value) => value * this.scale);
    ink.strokeStyle = style;
    ink.lineWidth = 2.5 * this.shrunk;
    ink.strokeRect(left + this.shrunk, top + this.shrunk, width - 2 * this.shrunk, height - 2 * this.shrunk);
  }

  label(ink) {
    const size = Math.min(11 * this.shrunk, 0.34 * this.cellHeight * this.scale);
    if (this.model.neurons > LABELLED || size < 8 * this.shrunk) return;
    const room = Math.floor((this.cellWidth * this.scale) / (0.62 * size)); // characters
    ink.font = `${size}px system-ui, sans-serif`;
    ink.fillStyle = css(colour("--accent"));
    ink.strokeStyle = css(colour("--field"));
    ink.lineWidth = 0.25 * size;
    ink.lineJoin = "round";
    ink.textBaseline = "top";
    this.order.forEach((neuron, place) => {
      const [left, top] = this.place(place).map((value) => value * this.scale);
      const name = this.model.classes[this.model.assignments[neuron]] ?? "";
      const text = [name.slice(0, room), left + GAP * this.scale + 2, top + GAP * this.scale + 1];
      ink.strokeText(...text);
      ink.fillText(...text);
    });
  }
}
