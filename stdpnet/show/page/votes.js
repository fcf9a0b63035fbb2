// The answer, and the vote of each class as it fills up.

/** Return each class's mean spikes of its neurons, from the spikes of all neurons. */
export function votesOf(counts, model) {
  const [sums, named] = [new Array(model.classes.length).fill(0), new Array(model.classes.length).fill(0)];
  model.assignments.forEach((code, neuron) => {
    if (code < 0) return;
    sums[code] += counts[neuron];
    named[code] += 1;
  });
  return sums.map((sum, code) => (named[code] ? sum / named[code] : 0));
}

export class Votes {
  constructor(list, answer, why, model) {
    Object.assign(this, { list, answer, why, model });
    this.rows = model.classes.map((name) => {
      const row = document.createElement("li");
      const [title, bar, now, value] = ["b", "span", "i", "span"].map((kind) => document.createElement(kind));
      title.textContent = title.title = name;
      bar.className = "bar";
      value.className = "value";
      value.textContent = "0.00";
      bar.append(document.createElement("u"), now);
      row.append(title, bar, value);
      list.append(row);
      return { row, final: bar.firstChild, now, value };
    });
  }

  load(presentation, spikes) {
    this.spikes = spikes;
    const { answer, named, votes } = presentation;
    this.most = Math.max(...votes, 1e-9);
    this.rows.forEach(({ row, final }, k) => {
      final.style.width = `${(100 * votes[k]) / this.most}%`;
      row.classList.toggle("first", named && this.model.classes[k] === answer);
    });
    this.answer.textContent = answer;
    this.answer.className = named ? "" : "none";
    this.why.textContent = named
      ? reason(answer, votes, this.model.classes)
      : "No named neuron fired: this is the commonest class of the training.";
  }

  show(time) {
    if (!this.spikes) return;
    const votes = votesOf(this.spikes.counts(this.model.neurons, time), this.model);
    this.rows.forEach(({ now, value }, k) => {
      now.style.width = `${(100 * votes[k]) / this.most}%`;
      value.textContent = votes[k].toFixed(2);
    });
  }
}

function reason(answer, votes, classes) {
  const others = classes.map((name, k) => [name, votes[k]]).filter(([name, vote]) => name !== answer && vote > 0);
  const vote = votes[classes.indexOf(answer)].toFixed(2);
  if (!others.length) return `With a vote of ${vote}; no other class has any.`;
  const [second, less] = others.reduce((best, other) => (other[1] > best[1] ? other : best));
  if (less === votes[classes.indexOf(answer)]) return `With a vote of ${vote}, like ${second}: of equals the first one wins.`;
  return `With a vote of ${vote}, before ${second} with ${less.toFixed(2)}.`;
}
