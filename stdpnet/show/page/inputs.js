// The image that the network gets, and its inputs as they spike.

import { colour, css, mix, withColours } from "./colours.js";
import { Spikes } from "./spikes.js";

export class Inputs {
  constructor(seen, inputs, model) {
    Object.assign(this, { seen, inputs, model });
    this.image = new Array(model.height * model.width).fill(model.dark ? 0 : 255);
    this.spikes = new Spikes();
    [this.time, this.fade] = [0, 8];
    this.scale = Math.max(1, Math.floor(280 / Math.max(model.height, model.width)));
    for (const canvas of [seen, inputs]) canvas.style.aspectRatio = `${model.width} / ${model.height}`;
    [seen.width, seen.height] = [model.width, model.height];
    [inputs.width, inputs.height] = [model.width * this.scale, model.height * this.scale];
    this.paint();
    withColours(() => this.show(this.time, this.fade));
  }

  /** Take an image, grey levels in rows, and its spikes. */
  load(image, spikes) {
    Object.assign(this, { image, spikes });
    this.paint();
  }

  /** Draw the image with its own grey levels; where they are light on dark, a light page turns them round. */
  paint() {
    const picture = new ImageData(this.model.width, this.model.height);
    this.image.forEach((level, k) => picture.data.set([level, level, level, 255], 4 * k));
    this.seen.getContext("2d").putImageData(picture, 0, 0);
    this.seen.classList.toggle("dark-image", this.model.dark);
  }

  show(time, fade) {
    Object.assign(this, { time, fade });
    const { width, height, dark } = this.model;
    const [paper, strong, on, off] = ["--field", "--ink", "--spike", "--other"].map(colour);
    const ink = this.inputs.getContext("2d");
    const fill = (pixel, style) => {
      ink.fillStyle = style;
      ink.fillRect((pixel % width) * this.scale, Math.floor(pixel / width) * this.scale, this.scale, this.scale);
    };
    this.image.forEach((level, k) => fill(k, css(mix(paper, strong, 0.16 * Math.abs((dark ? 0 : 1) - level / 255)))));
    for (const [who, glow] of this.spikes.glow(time, fade)) {
      fill(who % (height * width), css(who < height * width ? on : off, glow)); // with contrast, OFF after ON
    }
  }
}
