// Looking at one neuron among all, with pointer or arrow keys: who it is, and how often it fired.

export class Look {
  constructor(neurons, caption) {
    Object.assign(this, { neurons, caption });
    const { columns } = neurons;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    neurons.canvas.addEventListener("keydown", (event) => {
      if (!(event.key in moves)) return;
      event.preventDefault();
      this.choose(neurons.chosen < 0 ? 0 : neurons.chosen + moves[event.key]);
    });
    for (const kind of ["pointermove", "pointerdown"]) {
      neurons.canvas.addEventListener(kind, (event) => this.choose(neurons.at(event.offsetX, event.offsetY)));
    }
  }

  choose(place) {
    this.neurons.chosen = Math.min(Math.max(place, 0), this.neurons.model.neurons - 1);
    this.neurons.redraw();
    this.show();
  }

  /** Say what there is to say of the neuron at the time that is shown. */
  show() {
    const { chosen, order, model, spikes, time } = this.neurons;
    if (chosen < 0) return;
    const neuron = order[chosen];
    const [now, all] = [time, Infinity].map((until) => spikes.excitatory.counts(model.neurons, until)[neuron]);
    const name = model.classes[model.assignments[neuron]];
    const text = `Neuron ${neuron}, ${name === undefined ? "not named" : `named ${name}`}: ${now} of ${all} spikes.`;
    if (this.caption.textContent !== text) this.caption.textContent = text;
  }
}
