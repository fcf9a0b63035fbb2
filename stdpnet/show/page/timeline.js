// All spikes over time, in three bands: how many inputs, which excitatory and which inhibitory neurons.

import { colour, css, withColours } from "./colours.js";
import { Spikes } from "./spikes.js";

const BIN = 2; // ms
const NONE = new Spikes();

export class Timeline {
  constructor(canvas, model) {
    Object.assign(this, { canvas, model });
    this.spikes = { inputs: NONE, excitatory: NONE, inhibitory: NONE };
    this.time = 0;
    new ResizeObserver(() => this.paint()).observe(canvas);
    withColours(() => this.paint());
  }

  load(spikes) {
    this.spikes = { ...this.spikes, ...spikes };
    const said = Object.entries(spikes).map(([name, { times }]) => `${times.length} ${name}`);
    this.canvas.setAttribute("aria-label", `Spikes over time: ${said.join(", ")}`);
    this.paint();
  }

  /** Draw everything but the hand once. */
  paint() {
    const dense = window.devicePixelRatio || 1;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight].map((side) => Math.round(side * dense));
    if (!width || !height) return;
    [this.canvas.width, this.canvas.height] = [width, height];
    this.still = new OffscreenCanvas(width, height);
    const ink = this.still.getContext("2d");
    const bands = this.model.inhibitory ? [0.26, 0.44, 0.3] : [0.3, 0.7];
    const draws = [this.histogram, this.raster("excitatory", "--spike"), this.raster("inhibitory", "--other")];
    let top = 0;
    bands.forEach((share, k) => {
      draws[k].call(this, ink, width, top + 14 * dense, share * height - 17 * dense, dense);
      ink.font = `${11 * dense}px system-ui, sans-serif`;
      ink.fillStyle = css(colour("--soft"));
      ink.fillText(["input spikes", "excitatory neurons", "inhibitory neurons"][k], 0, top + 10 * dense);
      top += share * height;
    });
    this.show(this.time);
  }

  histogram(ink, width, top, height) {
    const counts = new Array(Math.ceil(this.model.window / BIN)).fill(0);
    for (const time of this.spikes.inputs.times) counts[Math.min(Math.floor(time / BIN), counts.length - 1)] += 1;
    const most = Math.max(1, ...counts);
    ink.fillStyle = css(colour("--soft"), 0.55);
    counts.forEach((n, k) => {
      const left = Math.floor((k * width) / counts.length);
      const right = Math.floor(((k + 1) * width) / counts.length);
      ink.fillRect(left, top + height * (1 - n / most), right - left, (height * n) / most);
    });
  }

  raster(population, name) {
    return (ink, width, top, height, dense) => {
      const { times, who } = this.spikes[population];
      const n = population === "inhibitory" ? this.model.inhibitory : this.model.neurons;
      ink.fillStyle = css(colour("--line"), 0.5);
      ink.fillRect(0, top + height, width, dense);
      ink.fillStyle = css(colour(name));
      times.forEach((time, k) => {
        const size = 7 * dense;
        ink.fillRect((time / this.model.window) * width, top + (who[k] / n) * (height - size), 2 * dense, size);
      });
    };
  }

  show(time) {
    this.time = time;
    if (!this.still) return;
    const ink = this.canvas.getContext("2d");
    const x = (time / this.model.window) * this.canvas.width;
    ink.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ink.globalAlpha = 0.3; // what is still to come
    ink.drawImage(this.still, 0, 0);
    ink.globalAlpha = 1;
    if (x >= 1) ink.drawImage(this.still, 0, 0, x, this.still.height, 0, 0, x, this.still.height);
    ink.fillStyle = css(colour("--accent"));
    ink.fillRect(Math.min(x, this.canvas.width - 2), 0, 2, this.canvas.height);
  }
}
