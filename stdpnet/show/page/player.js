// The time within a presentation: it runs slowly, stands still, or steps from spike to spike.

export class Player {
  /** `show(time)` is called with the time in ms whenever it changes, `changed(playing)` when it starts or stops. */
  constructor(show, changed) {
    this.show = show;
    this.changed = changed;
    this.time = 0;
    this.end = 0;
    this.slower = 20;
    this.moments = [];
    this.playing = false;
  }

  /** Take a presentation: its length in ms, and the moments at which a step stops. */
  load(end, moments) {
    this.end = end;
    this.moments = [...new Set(moments)].sort((a, b) => a - b);
  }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.end);
    this.show(this.time);
  }

  play() {
    if (this.playing || !this.end) return;
    if (this.time >= this.end) this.seek(0);
    this.set(true);
    let before = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      this.seek(this.time + Math.max(now - before, 0) / this.slower);
      before = now;
      if (this.time >= this.end) this.set(false);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  pause() {
    if (this.playing) this.set(false);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Go to the next moment, or to the one before, and stay there. */
  step(direction) {
    this.pause();
    const there = direction > 0
      ? this.moments.find((moment) => moment > this.time) ?? this.end
      : this.moments.findLast((moment) => moment < this.time) ?? 0;
    this.seek(there);
  }

  set(playing) {
    this.playing = playing;
    this.changed(playing);
  }
}
