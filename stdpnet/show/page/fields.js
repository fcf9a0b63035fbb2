// Receptive fields as pictures.

import { colour, mix } from "./colours.js";

/** Return 256 colours for the bytes of fields: from nothing to `strong`, with both signs from `negative` over it. */
function palette(signed, nothing, strong, negative) {
  return Array.from({ length: 256 }, (_, level) => {
    if (!signed) return mix(nothing, strong, (level / 255) ** 0.8);
    return mix(nothing, level < 128 ? negative : strong, Math.abs(level - 128) / 127);
  });
}

export class Fields {
  constructor(model, bytes) {
    this.model = model;
    this.bytes = bytes;
    this.pixels = model.height * model.width;
  }

  /** Put the field of a neuron into a picture, with its upper left corner at a place. */
  put(picture, neuron, left, top, colours) {
    const { height, width } = this.model;
    let place = neuron * this.pixels;
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1, place += 1) {
        picture.data.set(colours[this.bytes[place]], 4 * (y * picture.width + x));
        picture.data[4 * (y * picture.width + x) + 3] = 255;
      }
    }
  }

  /** Return the colours of fields at rest, and of those that light up. */
  colours() {
    const [card, ink, spike, other] = ["--field", "--ink", "--spike", "--other"].map(colour);
    const { signed } = this.model;
    const rest = signed ? palette(true, card, mix(card, spike, 0.8), other) : palette(false, card, ink);
    return { rest, lit: palette(signed, mix(card, spike, 0.35), signed ? spike : ink, other) };
  }

  /** Draw the field of one neuron on a canvas of its own. */
  draw(canvas, neuron) {
    const { height, width } = this.model;
    canvas.width = width;
    canvas.height = height;
    const picture = new ImageData(width, height);
    this.put(picture, neuron, 0, 0, this.colours().rest);
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }
}
