// The neurons that fire most, with their fields.

import { withColours } from "./colours.js";

const SHOWN = 6;

export class Winners {
  constructor(list, nobody, model, fields) {
    Object.assign(this, { list, nobody, model, fields });
    this.entries = [];
    withColours(() => this.entries.forEach(({ canvas, neuron }) => fields.draw(canvas, neuron)));
  }

  load(spikes) {
    this.spikes = spikes;
    const counts = spikes.counts(this.model.neurons);
    const order = counts.map((_, k) => k).filter((k) => counts[k]).sort((a, b) => counts[b] - counts[a] || a - b);
    this.entries = order.slice(0, SHOWN).map((neuron) => this.entry(neuron, counts[neuron]));
    this.list.replaceChildren(...this.entries.map(({ row }) => row));
    this.nobody.hidden = this.entries.length > 0;
    this.nobody.textContent = "No neuron fired.";
  }

  entry(neuron, all) {
    const row = document.createElement("li");
    const [canvas, name, fired] = ["canvas", "b", "span"].map((kind) => document.createElement(kind));
    this.fields.draw(canvas, neuron);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Field of neuron ${neuron}`);
    name.textContent = this.model.classes[this.model.assignments[neuron]] ?? "not named";
    row.append(canvas, name, fired);
    return { row, canvas, neuron, all, fired };
  }

  show(time) {
    if (!this.entries.length) return;
    const counts = this.spikes.counts(this.model.neurons, time);
    for (const { row, neuron, all, fired } of this.entries) {
      fired.textContent = `${counts[neuron]} of ${all} spikes`;
      row.classList.toggle("waiting", counts[neuron] === 0);
    }
  }
}
