// The spikes of a population, in the order of their times.

export class Spikes {
  constructor({ times, who } = { times: [], who: [] }) {
    this.times = times;
    this.who = who;
  }

  /** Return how many there were until a time, that time included. */
  until(time) {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Return how often each of `n` neurons fired until a time. */
  counts(n, time = Infinity) {
    const counts = new Array(n).fill(0);
    for (let k = this.until(time) - 1; k >= 0; k -= 1) counts[this.who[k]] += 1;
    return counts;
  }

  /** Return how bright those still are that fired lately, by their number: 1 falls by e in `fade` ms. */
  glow(time, fade) {
    const glow = new Map();
    for (let k = this.until(time) - 1; k >= 0 && time - this.times[k] < 4 * fade; k -= 1) {
      if (!glow.has(this.who[k])) glow.set(this.who[k], Math.exp((this.times[k] - time) / fade));
    }
    return glow;
  }
}
